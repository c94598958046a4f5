import { createHmac, timingSafeEqual } from 'node:crypto';

export type HmacAlgorithm = 'sha1' | 'sha256' | 'sha384' | 'sha512';
export type SignatureEncoding = 'hex' | 'base64';

/** HMAC over all parts, concatenated. Text counts as UTF-8. */
export function hmac(
  algorithm: HmacAlgorithm,
  key: Uint8Array,
  parts: readonly (string | Uint8Array)[],
): Buffer {
  const hash = createHmac(algorithm, key);
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/** Whether any candidate equals any expected digest, in time that does not depend on which one matches. */
export function anyEqual(candidates: readonly Uint8Array[], expected: readonly Uint8Array[]): boolean {
  let equal = false;
  for (const candidate of candidates) {
    for (const digest of expected) {
      if (candidate.length === digest.length && timingSafeEqual(candidate, digest)) equal = true;
    }
  }
  return equal;
}

/**
 * Decodes a text; `null` unless it is exactly the encoding of the result. `Buffer.from` alone skips what it cannot
 * read, so that `<good>zz` would count as `<good>`. Hex digits may be upper or lower case.
 */
export function decodeStrictly(text: string, encoding: SignatureEncoding): Buffer | null {
  const bytes = Buffer.from(text, encoding);
  const written = encoding === 'hex' ? text.toLowerCase() : text;
  return bytes.toString(encoding) === written ? bytes : null;
}
