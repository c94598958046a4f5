import type { Deployment } from './deployment.ts';
import type { Ministack } from './ministack.ts';

/** A user as an administrator makes one: with a password for the first time only. */
export interface PoolUser {
  readonly username: string;
  readonly password: string;
  /** `null` for a user who may do nothing in the system. */
  readonly group: 'operator' | 'viewer' | null;
}

/** Makes users the way docs/deploying.md says, by the same calls as the command line of AWS. */
export async function createUser(
  account: Pick<Ministack, 'endpoint'>,
  { userPoolId }: Pick<Deployment, 'userPoolId'>,
  user: PoolUser,
): Promise<void> {
  const UserPoolId = userPoolId;
  const Username = user.username;
  await callCognito(account.endpoint, 'AdminCreateUser', {
    UserPoolId,
    Username,
    TemporaryPassword: user.password,
    MessageAction: 'SUPPRESS',
    UserAttributes: [
      { Name: 'email', Value: user.username },
      { Name: 'email_verified', Value: 'true' },
    ],
  });
  if (user.group === null) return;
  await callCognito(account.endpoint, 'AdminAddUserToGroup', { UserPoolId, Username, GroupName: user.group });
}

/** One call of the user pools' API. */
export async function callCognito(endpoint: string, operation: string, input: unknown): Promise<void> {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `AWSCognitoIdentityProviderService.${operation}`,
      authorization:
        'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/cognito-idp/aws4_request, SignedHeaders=host, Signature=0',
    },
    body: JSON.stringify(input),
  });
  if (!response.ok) throw new Error(`${operation}: ${await response.text()}`);
}
