import type { Engine } from '../../core/ports/engine.ts';
import { type Authenticate, anyOf, apiKeyCaller, fixedToken } from './caller.ts';
import { cognitoUser, userTokenVerifier } from './cognito-user.ts';

/** How a deployment on AWS authenticates callers, besides API keys. */
export interface DeployedCallers {
  readonly firstToken: () => Promise<string>;
  readonly userPoolId: string;
  readonly clientId: string;
  /** Address of Cognito, if not on AWS. */
  readonly endpoint: string | undefined;
}

/** Authenticates API keys, the first token, and users of the user pool. */
export function deployedCallers(engine: Engine, callers: DeployedCallers): Authenticate {
  return anyOf(
    apiKeyCaller(engine),
    async (authorization) => fixedToken('first-token', await callers.firstToken())(authorization),
    cognitoUser(userTokenVerifier(callers.userPoolId, callers.clientId, callers.endpoint)),
  );
}
