import { variable } from './function-environment.ts';
import { cachedSecret } from './secret-text.ts';

/** Who may call the management API according to the stack, and where the first token is. */
export function callersOfDeployment() {
  return {
    firstToken: cachedSecret(variable('FIRST_TOKEN_SECRET_ID')),
    userPoolId: variable('USER_POOL_ID'),
    clientId: variable('USER_POOL_CLIENT_ID'),
    endpoint: process.env['AWS_ENDPOINT_URL'],
  };
}
