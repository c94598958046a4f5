import { anyEqual, hmac, isTimely, type RequestHeaders, unixSeconds } from './hmac.ts';

const prefix = 'v0=';

/** The headers that Slack sends with a request (docs.slack.dev, "Verifying requests from Slack"). */
export function signSlack(body: Uint8Array, secret: string, now: number): Record<string, string> {
  const timestamp = unixSeconds(now);
  return {
    'x-slack-request-timestamp': timestamp,
    'x-slack-signature': prefix + digest(secret, timestamp, body).toString('hex'),
  };
}

/** Whether one of the secrets has signed the raw body not long before or after `now` (Unix ms). */
export function verifySlack(
  headers: RequestHeaders,
  body: Uint8Array,
  secrets: readonly string[],
  now: number,
  toleranceSeconds: number,
): boolean {
  const { 'x-slack-request-timestamp': timestamp, 'x-slack-signature': signature } = headers;
  if (timestamp === undefined || !isTimely(timestamp, now, toleranceSeconds)) return false;
  if (signature === undefined || !signature.startsWith(prefix)) return false;
  return anyEqual(
    [Buffer.from(signature.slice(prefix.length), 'hex')],
    secrets.map((secret) => digest(secret, timestamp, body)),
  );
}

function digest(secret: string, timestamp: string, body: Uint8Array): Buffer {
  return hmac('sha256', secret, `v0:${timestamp}:`, body);
}
