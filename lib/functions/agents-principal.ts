import {
  type AddToPrincipalPolicyResult,
  type IPrincipal,
  type IRole,
  type PolicyStatement,
  PrincipalPolicyFragment,
} from 'aws-cdk-lib/aws-iam';
import { DependencyGroup } from 'constructs';

/** The roles in which agents run, as one: what is granted to it is granted to each. */
export class AgentsPrincipal implements IPrincipal {
  readonly assumeRoleAction = 'sts:AssumeRole';
  readonly #roles: readonly IRole[];

  constructor(roles: readonly IRole[]) {
    this.#roles = roles;
  }

  get grantPrincipal(): IPrincipal {
    return this;
  }

  /** For policies of resources that are asked before those of the roles, such as a key's. */
  get policyFragment(): PrincipalPolicyFragment {
    return new PrincipalPolicyFragment({ AWS: this.#roles.map(({ roleArn }) => roleArn) });
  }

  addToPrincipalPolicy(statement: PolicyStatement): AddToPrincipalPolicyResult {
    const policyDependable = new DependencyGroup();
    for (const role of this.#roles) {
      const added = role.addToPrincipalPolicy(statement.copy());
      if (added.policyDependable !== undefined) policyDependable.add(added.policyDependable);
    }
    return { statementAdded: true, policyDependable };
  }
}
