import { decodeStrictly } from './hmac.ts';

/**
 * How a secret's text gives the key: its UTF-8 bytes or, in Standard Webhooks (standardwebhooks.com, "Signature
 * scheme"), `whsec_` and the Base64 of 24 to 64 bytes.
 */
export type KeyForm = 'text' | 'standard-webhooks';

const secretPrefix = 'whsec_';
const fewestKeyBytes = 24;
const mostKeyBytes = 64;

/** The key of a secret; `null` if the secret is invalid. It must never be an empty key, with which anyone can sign. */
export function signingKey(secret: string, form: KeyForm): Uint8Array | null {
  if (secretProblem(secret, form) !== null) return null;
  return form === 'text' ? Buffer.from(secret) : standardWebhooksKey(secret);
}

/** What is wrong with a signing secret, in a sentence that does not show it; `null` if it is valid. */
export function secretProblem(secret: string, form: KeyForm): string | null {
  if (secret.trim() === '') return 'must not be blank.';
  if (secret.startsWith('whpk_')) {
    return 'is a public key (whpk_). Enter the secret that the sender signs with (whsec_).';
  }
  if (form === 'text' || standardWebhooksKey(secret) !== null) return null;
  if (secret.startsWith('whsk_')) {
    return 'is a private key (whsk_). Enter a shared secret, which starts with whsec_.';
  }
  return `must be "${secretPrefix}" followed by the Base64 of ${fewestKeyBytes} to ${mostKeyBytes} bytes.`;
}

function standardWebhooksKey(secret: string): Buffer | null {
  const text = secret.startsWith(secretPrefix) ? secret.slice(secretPrefix.length) : secret;
  const key = decodeStrictly(text, 'base64');
  if (key === null || key.length < fewestKeyBytes || key.length > mostKeyBytes) return null;
  return key;
}
