import { hash, timingSafeEqual } from 'node:crypto';
import type { SecretHash } from './connector.ts';
import type { HttpRequest } from './http-request.ts';

/** What the secret store keeps for one connector. */
export interface ConnectorSecrets {
  /** The connector's own secret, if its type and mode have one. */
  readonly current: string | null;
  /** The secret before the last rotation, valid until `expiresAt` (Unix ms). */
  readonly previous: { readonly secret: string; readonly expiresAt: number } | null;
  /** Values of the configuration fields that the type's schema marks as secret. */
  readonly config: Readonly<Record<string, string>>;
}

/** The hash of a secret that the connector's record holds. */
export function hashSecret(secret: string): string {
  return hash('sha256', secret, 'base64url');
}

/**
 * Whether `candidate` is one of the secrets that are valid at `now` (Unix ms). Takes the same time for every candidate:
 * compares it with every hash, and does the same work if there are none. A blank candidate never matches, even if the
 * stored secret is blank, because anyone could guess it.
 */
export function matchesSecret(candidate: string, hashes: readonly SecretHash[], now: number): boolean {
  const digest = hash('sha256', candidate, 'buffer');
  let matches = false;
  for (const known of hashes.length > 0 ? hashes : [absentSecret]) {
    const equal = timingSafeEqual(digest, Buffer.from(known.sha256, 'base64url'));
    const valid = known.expiresAt === null || known.expiresAt > now;
    matches = matches || (equal && valid);
  }
  return matches && candidate.trim() !== '';
}

/** Matches no secret: nobody knows a text with this SHA-256. */
const absentSecret: SecretHash = { sha256: Buffer.alloc(32).toString('base64url'), expiresAt: 0 };

/** The secrets that are valid at `now` (Unix ms), the current one first. */
export function validSecrets(secrets: ConnectorSecrets, now: number): string[] {
  const valid = secrets.current === null ? [] : [secrets.current];
  if (secrets.previous !== null && secrets.previous.expiresAt > now) valid.push(secrets.previous.secret);
  return valid;
}

/** All secrets of a connector, including those that are no longer valid. */
export function allSecrets({ current, previous, config }: ConnectorSecrets): string[] {
  return [current, previous?.secret ?? null, ...Object.values(config)].filter((secret) => secret !== null);
}

type Headers = Pick<HttpRequest, 'headers'>;

/**
 * The secrets in a request's headers, the preferred place first: the header `X-Connic-Secret`, a bearer token, and the
 * password of Basic authentication, in the forms that senders use.
 */
export function senderSecrets({ headers }: Headers): string[] {
  const secrets = headerSecrets({ headers });
  const password = basicPassword({ headers });
  return password === undefined ? secrets : [...secrets, password];
}

/** The same without Basic authentication. */
export function headerSecrets({ headers }: Headers): string[] {
  const secrets: string[] = [];
  const own = headers['x-connic-secret'];
  if (own !== undefined) secrets.push(own);
  const token = bearerToken({ headers });
  if (token !== undefined) secrets.push(token);
  return secrets;
}

function bearerToken({ headers }: Headers): string | undefined {
  const { authorization } = headers;
  return authorization === undefined ? undefined : /^bearer +(.+)$/i.exec(authorization)?.[1]?.trim();
}

/** The password of Basic authentication (RFC 7617), for any user. */
function basicPassword({ headers }: Headers): string | undefined {
  const { authorization } = headers;
  if (authorization === undefined) return undefined;
  const encoded = /^basic +([A-Za-z0-9+/]+={0,2})$/i.exec(authorization)?.[1];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, 'base64').toString();
  const colon = text.indexOf(':');
  return colon === -1 ? undefined : text.slice(colon + 1);
}
