import type { HttpRequest } from '../core/connectors/http-request.ts';

/**
 * The secret as a connection of EventBridge and most other senders send it: in the header `X-Connic-Secret`, as a bearer
 * token, or as the password of Basic authentication; `null` where there is none.
 */
export function senderSecret({ headers }: HttpRequest): string | null {
  const key = headers['x-connic-secret'];
  if (key !== undefined) return key;
  const [, scheme = '', value = ''] = /^(bearer|basic) +(\S+)$/i.exec(headers['authorization'] ?? '') ?? [];
  if (scheme.toLowerCase() === 'bearer') return value;
  const [, password] = /^[^:]*:([\s\S]*)$/.exec(Buffer.from(value, 'base64').toString()) ?? [];
  return password ?? null;
}
