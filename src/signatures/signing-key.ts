import { decodeStrictly } from './hmac.ts';

/**
 * How a secret's text gives the key: its UTF-8 bytes as they are, or by Standard Webhooks (standardwebhooks.com, "Signature
 * scheme"), `whsec_` and the Base64 of 24 to 64 bytes.
 */
export type KeyForm = 'text' | 'standard-webhooks';

const secretPrefix = 'whsec_';
const fewestKeyBytes = 24;
const mostKeyBytes = 64;

/**
 * The key of a secret; `null` where the secret is none. An empty key must never come of it: everybody can sign with
 * that one.
 */
export function signingKey(secret: string, form: KeyForm): Uint8Array | null {
  if (secretProblem(secret, form) !== null) return null;
  return form === 'text' ? Buffer.from(secret) : standardWebhooksKey(secret);
}

/** What is wrong with a secret to sign or verify with, in a sentence that does not show it; `null` where nothing is. */
export function secretProblem(secret: string, form: KeyForm): string | null {
  if (secret.trim() === '') return 'must not be blank.';
  if (secret.startsWith('whpk_')) {
    return 'is a public key (whpk_). Enter the secret that the sender signs with (whsec_).';
  }
  if (form === 'text' || standardWebhooksKey(secret) !== null) return null;
  if (secret.startsWith('whsk_')) {
    return 'is a private key (whsk_). Enter a shared secret, which starts with whsec_.';
  }
  return `must be "${secretPrefix}" and the Base64 of ${fewestKeyBytes} to ${mostKeyBytes} bytes, as Standard Webhooks has it.`;
}

function standardWebhooksKey(secret: string): Buffer | null {
  const text = secret.startsWith(secretPrefix) ? secret.slice(secretPrefix.length) : secret;
  const key = decodeStrictly(text, 'base64');
  if (key === null || key.length < fewestKeyBytes || key.length > mostKeyBytes) return null;
  return key;
}
