import { CfnOutput, Duration, type RemovalPolicy } from 'aws-cdk-lib';
import {
  AccountRecovery,
  CfnUserPoolGroup,
  FeaturePlan,
  type IUserPool,
  Mfa,
  UserPool,
  type UserPoolClient,
} from 'aws-cdk-lib/aws-cognito';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { type Role, roles } from '../../src/core/operators/role.ts';
import { encryptedWith } from '../store/encryption-key.ts';

const descriptions: Readonly<Record<Role, string>> = {
  operator: 'Full access.',
  viewer: 'Read access, except to secrets and API keys.',
};

export interface OperatorsProps {
  /** Id of an existing user pool; absent for a new one. The stack never changes or deletes it. */
  readonly adoptedPoolId: string | undefined;
  readonly removalPolicy: RemovalPolicy;
  /** Encrypts the first token; absent for a key managed by AWS. */
  readonly encryptionKey: IKey | undefined;
}

/**
 * Who may use the management API: people through Cognito, without self sign-up, and the first client with a generated
 * token.
 */
export class Operators extends Construct {
  readonly userPool: IUserPool;
  readonly client: UserPoolClient;
  /** The token for the first steps; it may be deleted once people can sign in. */
  readonly firstToken: Secret;
  /** The command that prints the first token. */
  readonly firstOperatorHint: string;

  constructor(scope: Construct, id: string, props: OperatorsProps) {
    super(scope, id);
    const { adoptedPoolId } = props;
    this.userPool =
      adoptedPoolId === undefined
        ? makeUserPool(this, props.removalPolicy)
        : UserPool.fromUserPoolId(this, 'AdoptedUserPool', adoptedPoolId);
    this.client = this.userPool.addClient('Dashboard', {
      authFlows: { userSrp: true },
      // The page signs in without OAuth; otherwise the CDK would allow redirects to its example address.
      disableOAuth: true,
      // Long enough to install an authenticator app when a second factor is required. Cognito's default is 3 minutes.
      authSessionValidity: Duration.minutes(15),
      accessTokenValidity: Duration.hours(1),
      idTokenValidity: Duration.hours(1),
      refreshTokenValidity: Duration.days(7),
      preventUserExistenceErrors: true,
    });
    this.firstToken = new Secret(this, 'FirstToken', {
      description: 'Agent Connectors: bearer token of the management API for the first steps.',
      generateSecretString: { passwordLength: 48, excludePunctuation: true },
      removalPolicy: props.removalPolicy,
      ...encryptedWith(props.encryptionKey),
    });
    this.firstOperatorHint = `aws secretsmanager get-secret-value --secret-id ${this.firstToken.secretArn} --query SecretString --output text`;
    new CfnOutput(this, 'UserPoolId', {
      description: 'Users of this pool in the group "operator" or "viewer" may use the management API.',
      value: this.userPool.userPoolId,
    });
    new CfnOutput(this, 'UserPoolClientId', { value: this.client.userPoolClientId });
  }
}

function makeUserPool(scope: Construct, removalPolicy: RemovalPolicy): UserPool {
  const userPool = new UserPool(scope, 'UserPool', {
    selfSignUpEnabled: false,
    signInAliases: { email: true },
    mfa: Mfa.OPTIONAL,
    mfaSecondFactor: { otp: true, sms: false },
    featurePlan: FeaturePlan.ESSENTIALS,
    passwordPolicy: {
      minLength: 12,
      requireLowercase: true,
      requireUppercase: true,
      requireDigits: true,
      requireSymbols: true,
      tempPasswordValidity: Duration.days(3),
    },
    accountRecovery: AccountRecovery.EMAIL_ONLY,
    removalPolicy,
  });
  for (const [precedence, role] of roles.entries()) {
    const group = new CfnUserPoolGroup(scope, `Group-${role}`, {
      userPoolId: userPool.userPoolId,
      groupName: role,
      description: descriptions[role],
      precedence,
    });
    // Deleting a group deletes its memberships, so groups stay as long as the pool.
    group.applyRemovalPolicy(removalPolicy);
  }
  return userPool;
}
