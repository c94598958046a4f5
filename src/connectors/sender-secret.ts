import type { HttpRequest } from '../core/connectors/http-request.ts';

/**
 * The sender's secret, in any of the forms that EventBridge connections and most other senders use: the header
 * `X-Connic-Secret`, a bearer token, or the password of Basic authentication. `null` if there is none.
 */
export function senderSecret({ headers }: HttpRequest): string | null {
  const key = headers['x-connic-secret'];
  if (key !== undefined) return key;
  const [, scheme = '', value = ''] = /^(bearer|basic) +(\S+)$/i.exec(headers['authorization'] ?? '') ?? [];
  if (scheme.toLowerCase() === 'bearer') return value;
  const [, password] = /^[^:]*:([\s\S]*)$/.exec(Buffer.from(value, 'base64').toString()) ?? [];
  return password ?? null;
}
