import { text } from 'node:stream/consumers';
import * as z from 'zod';
import type { PrivateTargets } from '../../core/connectors/private-targets.ts';
import { guardedRequest } from '../../net/guarded-request.ts';

/** What a client gives for an access token (RFC 6749, section 6). */
export interface TokenRequest {
  readonly tokenUrl: string;
  readonly clientId: string;
  /** Absent for public clients. */
  readonly clientSecret: string | undefined;
  readonly refreshToken: string;
}

const granted = z.object({ access_token: z.string().min(1), expires_in: z.coerce.number().optional() });
const denied = z.object({ error: z.string(), error_description: z.string().optional() });

/** The provider does not issue a token. The message is a sentence with its own words. */
export class TokenError extends Error {
  override readonly name = 'TokenError';
}

/** Tokens are used until this long before they expire, in ms. */
const spareMs = 60_000;
/** Where the provider does not say how long a token is valid (RFC 6749 recommends to say it), in seconds. */
const assumedSeconds = 300;

const known = new Map<string, { readonly token: string; readonly until: number }>();

/**
 * An access token for a mail account: the last one while it is valid, or a new one.
 *
 * @param now Unix ms
 * @throws TokenError where the provider refuses; or as `guardedRequest`
 */
export async function accessToken(
  request: TokenRequest,
  allowed: PrivateTargets,
  signal: AbortSignal,
  now: number,
): Promise<string> {
  const identity = JSON.stringify([request, allowed]);
  const before = known.get(identity);
  if (before !== undefined && before.until > now) return before.token;
  known.delete(identity);
  const { access_token: token, expires_in: seconds = assumedSeconds } = await requestToken(
    request,
    allowed,
    signal,
  );
  for (const [key, { until }] of known) if (until <= now) known.delete(key);
  known.set(identity, { token, until: now + seconds * 1_000 - spareMs });
  return token;
}

async function requestToken(request: TokenRequest, allowed: PrivateTargets, signal: AbortSignal) {
  const form = new URLSearchParams({
    grant_type: 'refresh_token',
    refresh_token: request.refreshToken,
    client_id: request.clientId,
    ...(request.clientSecret === undefined ? {} : { client_secret: request.clientSecret }),
  });
  const headers = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' };
  const sent = { method: 'POST', url: request.tokenUrl, headers, body: form.toString() };
  const answer = await guardedRequest(sent, allowed, signal);
  const body = jsonOf(await text(answer));
  const token = granted.safeParse(body);
  if (answer.statusCode === 200 && token.success) return token.data;
  const refused = denied.safeParse(body).data;
  const words = [refused?.error, refused?.error_description].filter((word) => word !== undefined).join(': ');
  throw new TokenError(
    `The token URL responded with ${answer.statusCode}${words === '' ? '' : ` (${words})`}.`,
  );
}

function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}
