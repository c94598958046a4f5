import { anyEqual, hmac, isTimely, type RequestHeaders, unixSeconds } from './hmac.ts';

/** The header that Stripe sends with an event (docs.stripe.com, "Verify webhook signatures manually"). */
export function signStripe(body: Uint8Array, secret: string, now: number): Record<string, string> {
  const timestamp = unixSeconds(now);
  return { 'stripe-signature': `t=${timestamp},v1=${digest(secret, timestamp, body).toString('hex')}` };
}

/** Whether one of the secrets has signed the raw body not long before or after `now` (Unix ms). */
export function verifyStripe(
  headers: RequestHeaders,
  body: Uint8Array,
  secrets: readonly string[],
  now: number,
  toleranceSeconds: number,
): boolean {
  const items = (headers['stripe-signature'] ?? '').split(',').map((item) => item.trim());
  const timestamp = valuesOf(items, 't=')[0];
  if (timestamp === undefined || !isTimely(timestamp, now, toleranceSeconds)) return false;
  return anyEqual(
    valuesOf(items, 'v1=').map((signature) => Buffer.from(signature, 'hex')),
    secrets.map((secret) => digest(secret, timestamp, body)),
  );
}

function valuesOf(items: readonly string[], prefix: string): string[] {
  return items.filter((item) => item.startsWith(prefix)).map((item) => item.slice(prefix.length));
}

function digest(secret: string, timestamp: string, body: Uint8Array): Buffer {
  return hmac('sha256', secret, `${timestamp}.`, body);
}
