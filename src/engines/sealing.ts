import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { RetryableError } from '../core/errors.ts';

const algorithm = 'aes-256-gcm';
/** NIST SP 800-38D, section 8.2.2: a random nonce of 96 bits, new for every sealing. */
const nonceBytes = 12;
const tagBytes = 16;

/**
 * Encrypts a text with a 32-byte key, bound to its owner.
 * @returns nonce, tag and ciphertext, concatenated
 */
export function seal(key: Uint8Array, plain: string, belongsTo: string): Uint8Array {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv(algorithm, key, nonce).setAAD(Buffer.from(belongsTo));
  const ciphertext = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), ciphertext]);
}

/** The text; `null` if the key is wrong, or the sealed bytes were changed or belong elsewhere. */
export function open(key: Uint8Array, sealed: Uint8Array, belongsTo: string): string | null {
  const nonce = sealed.subarray(0, nonceBytes);
  const tag = sealed.subarray(nonceBytes, nonceBytes + tagBytes);
  const ciphertext = sealed.subarray(nonceBytes + tagBytes);
  try {
    const decipher = createDecipheriv(algorithm, key, nonce, { authTagLength: tagBytes });
    decipher.setAAD(Buffer.from(belongsTo)).setAuthTag(tag);
    return decipher.update(ciphertext, undefined, 'utf8') + decipher.final('utf8');
  } catch {
    return null;
  }
}

/** Enough for a few concurrent writers; more is a storm. */
const maxTries = 10;

/**
 * Repeats a change that reads a value and replaces it if it is still the same.
 *
 * @param change returns `null` if someone else has written meanwhile
 * @throws RetryableError if that happens too often
 */
export async function untilReplaced<Value>(change: () => Promise<Value | null>): Promise<Value> {
  for (let tries = 0; tries < maxTries; tries++) {
    const changed = await change();
    if (changed !== null) return changed;
  }
  throw new RetryableError('Somebody else is changing this. Try again.');
}
