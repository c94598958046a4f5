import { isSecretName } from './secret-name.ts';

/** A signature by another name, such as `X-Shopify-Hmac-Sha256`. */
const signatureWord = /(^|[-_])hmac([-_]|$)/;

/** They identify the request, and prove nothing. */
const provesNothing = new Set(['idempotency-key', 'sec-websocket-key']);

/** Whether a header usually authenticates the sender, judged by its name. @param name in lower case */
export function isCredentialHeader(name: string): boolean {
  return !provesNothing.has(name) && (isSecretName(name, 'variable') || signatureWord.test(name));
}
