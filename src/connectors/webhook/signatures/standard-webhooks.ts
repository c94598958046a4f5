import { anyEqual, hmac, isTimely, type RequestHeaders, unixSeconds } from './hmac.ts';

const secretPrefix = 'whsec_';
const version = 'v1,';

/**
 * The headers of a Standard Webhooks message (standardwebhooks.com, "Signature scheme"), with one signature for each
 * of the secrets.
 *
 * @param id the same for every attempt to send this message
 * @param secrets `whsec_` and Base64 of the key each, the current one first
 * @param now Unix ms
 */
export function signStandardWebhooks(
  body: string | Uint8Array,
  secrets: readonly string[],
  id: string,
  now: number,
): Record<string, string> {
  const timestamp = unixSeconds(now);
  const signatures = secrets.map(
    (secret) => version + digest(secret, id, timestamp, body).toString('base64'),
  );
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatures.join(' '),
  };
}

/** Whether one of the secrets has signed the raw body not long before or after `now` (Unix ms). */
export function verifyStandardWebhooks(
  headers: RequestHeaders,
  body: Uint8Array,
  secrets: readonly string[],
  now: number,
  toleranceSeconds: number,
): boolean {
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures } = headers;
  if (id === undefined || timestamp === undefined || signatures === undefined) return false;
  if (!isTimely(timestamp, now, toleranceSeconds)) return false;
  const candidates = signatures.split(' ').filter((signature) => signature.startsWith(version));
  return anyEqual(
    candidates.map((signature) => Buffer.from(signature.slice(version.length), 'base64')),
    secrets.map((secret) => digest(secret, id, timestamp, body)),
  );
}

function digest(secret: string, id: string, timestamp: string, body: string | Uint8Array): Buffer {
  const text = secret.startsWith(secretPrefix) ? secret.slice(secretPrefix.length) : secret;
  return hmac('sha256', Buffer.from(text, 'base64'), `${id}.${timestamp}.`, body);
}
