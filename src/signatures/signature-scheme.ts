import { createHmac, timingSafeEqual } from 'node:crypto';

/** How HTTP requests are signed with a shared secret, as data: the place of each part, and the signed content. */
export interface SignatureScheme {
  /** The header that contains the signature. Header names are in lower case throughout. */
  readonly header: string;
  readonly carrier: Carrier;
  /** The place of the time, in Unix seconds by default; `null` if the scheme has none. */
  readonly timestamp:
    | (({ readonly header: string } | { readonly entry: string }) & { readonly unit?: TimeUnit })
    | null;
  /** The header with the message's id; `null` if the signature does not cover one. */
  readonly idHeader: string | null;
  /**
   * The signed content: a text with the placeholders `{body}`, `{timestamp}`, `{id}`, `{method}`, `{url}`, and
   * `{parameters}`, which are those of a form, sorted by name. Another body has none: the hash of such a body is in the
   * URL, as Twilio does it.
   */
  readonly signedContent: string;
  /** Whether the sender may sign the URL with or without the usual port. */
  readonly urlPort?: 'optional';
  readonly algorithm: HmacAlgorithm;
  readonly encoding: SignatureEncoding;
  readonly key: KeyForm;
}

/** How the header's text carries signatures. */
export type Carrier =
  /** One signature after a fixed prefix: `sha256=<signature>`; or several, if there is a separator. */
  | { readonly kind: 'single'; readonly prefix: string; readonly separator?: string }
  /**
   * Named entries, such as `t=<time>,v1=<signature>` or `v1,<signature> v1,<signature>`. There may be several
   * signatures, and entries with other names, which are ignored.
   */
  | {
      readonly kind: 'entries';
      readonly separator: string;
      /** The text between an entry's name and its value. */
      readonly assignment: string;
      /** The name of entries with a signature of this scheme. */
      readonly signature: string;
    };

/**
 * How a secret's text gives the key: its UTF-8 bytes or, in Standard Webhooks (standardwebhooks.com, "Signature
 * scheme"), `whsec_` and the Base64 of 24 to 64 bytes.
 */
type KeyForm = 'text' | 'standard-webhooks';

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

type HmacAlgorithm = 'sha1' | 'sha256' | 'sha384' | 'sha512';
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

/** How a sender writes the time of a signature; `iso` is ISO 8601. */
type TimeUnit = 'seconds' | 'milliseconds' | 'iso';

/** Formats Unix ms as a sender writes them. */
export function writeTime(now: number, unit: TimeUnit = 'seconds'): string {
  if (unit === 'iso') return new Date(now).toISOString();
  return String(unit === 'seconds' ? Math.floor(now / 1_000) : now);
}

/**
 * Whether a signature's time is close enough to `now`.
 *
 * @param text the time as the sender wrote it; digits only for Unix times
 * @param now Unix ms
 */
export function isTimely(
  text: string,
  now: number,
  toleranceSeconds: number,
  unit: TimeUnit = 'seconds',
): boolean {
  const time = readTime(text, unit);
  return time !== null && Math.abs(time - now) <= toleranceSeconds * 1_000;
}

/** Unix ms; `null` if the text is not a time. */
function readTime(text: string, unit: TimeUnit): number | null {
  if (unit !== 'iso') {
    if (!/^\d{1,15}$/.test(text)) return null;
    return unit === 'seconds' ? Number(text) * 1_000 : Number(text);
  }
  const time = /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? null : time;
}
