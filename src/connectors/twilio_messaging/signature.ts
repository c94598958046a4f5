import type { Fields } from '../../core/json/form-fields.ts';
import { anyEqual, decodeStrictly, hmac } from '../../signatures/hmac.ts';

/** twilio.com/docs/usage/webhooks/webhooks-security, "Validating signatures from Twilio". */
export const signatureHeader = 'x-twilio-signature';

/**
 * The signature of a form request, over its URL and its parameters sorted by name.
 *
 * @param url as configured at Twilio, with its query
 */
export function signatureOf(url: string, parameters: Fields, authToken: string): Buffer {
  const sorted = [...parameters].sort(([one], [other]) => (one < other ? -1 : 1));
  const texts = sorted.map(([name, values]) =>
    [...new Set(values)]
      .sort()
      .map((value) => name + value)
      .join(''),
  );
  return hmac('sha1', Buffer.from(authToken), [url, ...texts]);
}

/** Whether the account's auth token signed the request. */
export function isSignedBy(authToken: string, signature: string, url: string, parameters: Fields): boolean {
  const sent = decodeStrictly(signature, 'base64');
  return (
    sent !== null &&
    anyEqual(
      [sent],
      urlForms(url).map((form) => signatureOf(form, parameters, authToken)),
    )
  );
}

/** Twilio signs some URLs with the default port and some without. */
function urlForms(url: string): string[] {
  const parts = /^(https?):\/\/([^/?#:]+)(:\d+)?(.*)$/.exec(url);
  if (parts === null) return [url];
  const [, scheme, host, port, rest = ''] = parts;
  const usualPort = scheme === 'https' ? ':443' : ':80';
  return [url, `${scheme}://${host}${port === undefined ? usualPort : ''}${rest}`];
}
