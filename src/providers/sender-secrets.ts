import type { HttpRequest } from '../core/connectors/http-request.ts';

type Headers = Pick<HttpRequest, 'headers'>;

/**
 * The secrets in a request's headers, the preferred place first: the header `X-Connic-Secret`, a bearer token, and the
 * password of Basic authentication, in the forms that senders use.
 */
export function senderSecrets({ headers }: Headers): string[] {
  const secrets = [headers['x-connic-secret'], bearerToken({ headers }), basicPassword({ headers })];
  return secrets.filter((secret) => secret !== undefined);
}

/** The same without Basic authentication. */
export function headerSecrets({ headers }: Headers): string[] {
  return [headers['x-connic-secret'], bearerToken({ headers })].filter((secret) => secret !== undefined);
}

function bearerToken({ headers }: Headers): string | undefined {
  return /^bearer +(.+)$/i.exec(headers['authorization'] ?? '')?.[1]?.trim();
}

/** The password of Basic authentication (RFC 7617), for any user. */
function basicPassword({ headers }: Headers): string | undefined {
  const encoded = /^basic +([A-Za-z0-9+/]+={0,2})$/i.exec(headers['authorization'] ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, 'base64').toString();
  const colon = text.indexOf(':');
  return colon === -1 ? undefined : text.slice(colon + 1);
}
