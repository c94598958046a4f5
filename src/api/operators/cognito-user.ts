import { CognitoJwtVerifier } from 'aws-jwt-verify';
import { JwtBaseError } from 'aws-jwt-verify/error';
import { SimpleJwksCache } from 'aws-jwt-verify/jwk';
import * as z from 'zod';
import { type Role, roles } from '../../core/operators/role.ts';
import { type Authenticate, bearerToken } from './caller.ts';

/** An ID token has the user's attributes, an access token only the user name, which a pool may generate. */
const claims = z.object({
  sub: z.string(),
  username: z.string().optional(),
  'cognito:username': z.string().optional(),
  email: z.string().optional(),
  email_verified: z.boolean().optional(),
});
const groups = z.object({ 'cognito:groups': z.array(z.string()).default([]) });

/**
 * Authenticates operators by the ID and access tokens that a Cognito user pool issues when they sign in. A user's role
 * is the group of the same name; a user without such a group is unknown.
 */
export function cognitoUser(verifier: UserTokenVerifier): Authenticate {
  return async (authorization) => {
    const token = bearerToken(authorization);
    if (token === null) return null;
    const payload = await verify(verifier, token);
    if (payload === null) return null;
    const role = highestRole(groups.parse(payload)['cognito:groups']);
    return role === null ? null : { name: nameOf(claims.parse(payload)), role };
  };
}

/** The e-mail address, unless it could be somebody else's: users can change theirs, which makes it unverified. */
function nameOf({
  sub,
  username,
  email,
  email_verified: isVerified,
  ...more
}: z.infer<typeof claims>): string {
  if (email !== undefined && isVerified === true) return email;
  return username ?? more['cognito:username'] ?? sub;
}

/** Checks signature, expiry, issuer, and client of a token; throws if any is wrong. */
export interface UserTokenVerifier {
  verify(token: string): Promise<unknown>;
}

/**
 * Fetches the pool's public keys with the first token, and again when a token was signed with an unknown key.
 *
 * @param endpoint where to fetch the keys, if not from AWS: the SDK's `AWS_ENDPOINT_URL`
 */
export function userTokenVerifier(userPoolId: string, clientId: string, endpoint?: string) {
  const properties = { userPoolId, clientId, tokenUse: null } as const;
  if (endpoint === undefined) return CognitoJwtVerifier.create(properties);
  return CognitoJwtVerifier.create(properties, { jwksCache: new SimpleJwksCache({ fetcher: at(endpoint) }) });
}

/** Fetches the same path from `endpoint`. */
function at(endpoint: string) {
  return {
    async fetch(uri: string): Promise<ArrayBuffer> {
      const response = await fetch(new URL(new URL(uri).pathname, endpoint));
      if (!response.ok) throw new Error(`${endpoint} answers ${response.status} for the keys of the pool`);
      return response.arrayBuffer();
    },
  };
}

/** `null` for a token that the library rejects, or whose keys it cannot fetch (`FetchError` is a `JwtBaseError`). */
async function verify(verifier: UserTokenVerifier, token: string): Promise<unknown> {
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
