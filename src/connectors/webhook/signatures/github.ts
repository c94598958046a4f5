import { anyEqual, hmac, type RequestHeaders } from './hmac.ts';

const prefix = 'sha256=';

/** The header that GitHub sends with a webhook (docs.github.com, "Validating webhook deliveries"). */
export function signGithub(body: Uint8Array, secret: string): Record<string, string> {
  return { 'x-hub-signature-256': prefix + hmac('sha256', secret, body).toString('hex') };
}

/** Whether one of the secrets has signed the raw body. */
export function verifyGithub(headers: RequestHeaders, body: Uint8Array, secrets: readonly string[]): boolean {
  const signature = headers['x-hub-signature-256'];
  if (signature === undefined || !signature.startsWith(prefix)) return false;
  const candidate = Buffer.from(signature.slice(prefix.length), 'hex');
  return anyEqual(
    [candidate],
    secrets.map((secret) => hmac('sha256', secret, body)),
  );
}
