import {
  type AddToPrincipalPolicyResult,
  type IPrincipal,
  type IRole,
  type PolicyStatement,
  PrincipalPolicyFragment,
} from 'aws-cdk-lib/aws-iam';
import { DependencyGroup } from 'constructs';

/** The roles that execute agents, as one principal: a grant to it applies to each role. */
export class AgentsPrincipal implements IPrincipal {
  readonly assumeRoleAction = 'sts:AssumeRole';
  readonly #roles: readonly IRole[];

  constructor(roles: readonly IRole[]) {
    this.#roles = roles;
  }

  get grantPrincipal(): IPrincipal {
    return this;
  }

  /** For resource policies, such as a key's. */
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
