import { CognitoJwtVerifier } from 'aws-jwt-verify';
import { JwtBaseError } from 'aws-jwt-verify/error';
import { SimpleJwksCache } from 'aws-jwt-verify/jwk';
import * as z from 'zod';
import { type Role, roles } from '../../core/operators/role.ts';
import { type Authenticate, bearerToken } from './caller.ts';

const claims = z.object({ sub: z.string(), username: z.string().optional() });
const groups = z.object({ 'cognito:groups': z.array(z.string()).default([]) });

/**
 * Knows operators by the access tokens that a Cognito user pool gives them after they have signed in. A user's role is
 * the group of its name; a user without such a group is nobody.
 */
export function cognitoUser(verifier: AccessTokenVerifier): Authenticate {
  return async (authorization) => {
    const token = bearerToken(authorization);
    if (token === null) return null;
    const payload = await verify(verifier, token);
    if (payload === null) return null;
    const role = highestRole(groups.parse(payload)['cognito:groups']);
    const { sub, username } = claims.parse(payload);
    return role === null ? null : { name: username ?? sub, role };
  };
}

/** Checks signature, expiry, issuer, client and kind of a token; throws for a bad one. */
export interface AccessTokenVerifier {
  verify(token: string): Promise<unknown>;
}

/**
 * Reads the pool's public keys with the first token, and again where it meets one that it does not know.
 *
 * @param endpoint where the keys are read, when that is not AWS: what the SDK's `AWS_ENDPOINT_URL` says
 */
export function accessTokenVerifier(userPoolId: string, clientId: string, endpoint?: string) {
  const properties = { userPoolId, clientId, tokenUse: 'access' } as const;
  if (endpoint === undefined) return CognitoJwtVerifier.create(properties);
  return CognitoJwtVerifier.create(properties, { jwksCache: new SimpleJwksCache({ fetcher: at(endpoint) }) });
}

/** Fetches what lies below the same path at `endpoint`. */
function at(endpoint: string) {
  return {
    async fetch(uri: string): Promise<ArrayBuffer> {
      const response = await fetch(new URL(new URL(uri).pathname, endpoint));
      if (!response.ok) throw new Error(`${endpoint} answers ${response.status} for the keys of the pool`);
      return response.arrayBuffer();
    },
  };
}

/** `null` for a token that is not good; a pool that cannot be reached is another's to answer for. */
async function verify(verifier: AccessTokenVerifier, token: string): Promise<unknown> {
  if (token.split('.').length !== 3) return null;
  try {
    return await verifier.verify(token);
  } catch (thrown) {
    if (thrown instanceof JwtBaseError) return null;
    throw thrown;
  }
}

function highestRole(names: readonly string[]): Role | null {
  return roles.find((role) => names.includes(role)) ?? null;
}
