import { text } from 'node:stream/consumers';
import * as z from 'zod';
import type { PrivateTargets } from '../../core/connectors/private-targets.ts';
import { guardedRequest } from '../../net/guarded-request.ts';

/** What a client sends to obtain an access token (RFC 6749, section 6). */
export interface TokenRequest {
  readonly tokenUrl: string;
  readonly clientId: string;
  /** Absent for public clients. */
  readonly clientSecret: string | undefined;
  readonly refreshToken: string;
}

const granted = z.object({ access_token: z.string().min(1), expires_in: z.coerce.number().optional() });
const denied = z.object({ error: z.string(), error_description: z.string().optional() });

/** The provider did not issue a token. The message is a sentence that quotes its reason. */
export class TokenError extends Error {
  override readonly name = 'TokenError';
}

/** Tokens are replaced this long before they expire, in ms. */
const spareMs = 60_000;
/** Assumed lifetime, in seconds, if the provider does not send `expires_in`, which RFC 6749 recommends. */
const assumedSeconds = 300;

/** How long a provider may take, in ms, while the caller waits for the token. */
const requestMs = 8_000;

interface Token {
  readonly token: Promise<string>;
  /** Unix ms. */
  until: number;
}

/** Concurrent callers share one request: a provider may accept each refresh token only once. */
const known = new Map<string, Token>();

/**
 * An access token for a mail account: the cached one while it is valid, otherwise a new one.
 *
 * @param now Unix ms
 * @throws TokenError where the provider refuses; or as `guardedRequest`
 */
export function accessToken(request: TokenRequest, allowed: PrivateTargets, now: number): Promise<string> {
  for (const [key, { until }] of known) if (until <= now) known.delete(key);
  const identity = JSON.stringify([request, allowed]);
  const before = known.get(identity);
  if (before !== undefined) return before.token;
  const granting = requestToken(request, allowed);
  const made: Token = { token: granting.then(({ access_token: token }) => token), until: now + requestMs };
  known.set(identity, made);
  granting.then(
    ({ expires_in: seconds = assumedSeconds }) => {
      made.until = now + seconds * 1_000 - spareMs;
    },
    () => {
      if (known.get(identity) === made) known.delete(identity);
    },
  );
  return made.token;
}

async function requestToken(request: TokenRequest, allowed: PrivateTargets) {
  const form = new URLSearchParams({
    grant_type: 'refresh_token',
    refresh_token: request.refreshToken,
    client_id: request.clientId,
    ...(request.clientSecret === undefined ? {} : { client_secret: request.clientSecret }),
  });
  const headers = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' };
  const sent = { method: 'POST', url: request.tokenUrl, headers, body: form.toString() };
  const answer = await guardedRequest(sent, allowed, AbortSignal.timeout(requestMs));
  const body = jsonOf(await text(answer));
  const token = granted.safeParse(body);
  if (answer.statusCode === 200 && token.success) return token.data;
  const refused = denied.safeParse(body).data;
  const words = [refused?.error, refused?.error_description].filter((word) => word !== undefined).join(': ');
  const said = words === '' ? '' : ` (${words.replace(/[.\s]+$/, '')})`;
  const hint = refused?.error === 'invalid_grant' ? ` ${authorizeAgain}` : '';
  throw new TokenError(`The token URL responded with ${answer.statusCode}${said}.${hint}`);
}

/** For a refresh token that has expired or was revoked (RFC 6749, section 5.2). */
const authorizeAgain = 'Authorize the app again, and enter the new refresh token.';

function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}
