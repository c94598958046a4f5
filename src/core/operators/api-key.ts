import { hash, timingSafeEqual } from 'node:crypto';
import type { Entropy } from '../identifiers.ts';
import type { Role } from './role.ts';

/** What is kept of a key that lets a program into the management API. Times are Unix ms. */
export interface ApiKey {
  /** The beginning of `sha256`: a key is found by its text and by its id with one read. */
  readonly keyId: string;
  /** Identifies the caller in the audit log. */
  readonly name: string;
  readonly role: Role;
  /** Of the key's text, in hex. */
  readonly sha256: string;
  /** The first characters of the text, to tell which key is meant where one turns up. */
  readonly beginsWith: string;
  readonly createdAt: number;
  readonly createdBy: string;
  /** `null` where it was never used. Behind the truth by up to `useNotedEveryMs`. */
  readonly lastUsedAt: number | null;
  /** `null`: never. */
  readonly expiresAt: number | null;
  readonly revokedAt: number | null;
}

export type ApiKeyStatus = 'active' | 'expired' | 'revoked';

/** A use is written down only where the one before is older, so that calls do not cost a write each. */
export const useNotedEveryMs = 3_600_000;

/** Days for which a key that has expired or was revoked is still listed, and its callers told why. */
export const endedKeysKeptDays = 90;

/** Every key begins so: people and secret scanners know one when they see it. */
const prefix = 'ackey_';
const entropyBytes = 32;
/** The prefix and 36 of 256 bits: enough to tell keys apart, too little to guess one. */
const shownCharacters = prefix.length + 6;
const idCharacters = 32;

/** The text of a new key: 256 bits behind a prefix. */
export function makeKeyText(entropy: Entropy): string {
  return prefix + Buffer.from(entropy(entropyBytes)).toString('base64url');
}

/** Whether a token has the form of a key: any other one is not looked for. */
export function isKeyText(token: string): boolean {
  return /^ackey_[\w-]{43}$/.test(token);
}

/**
 * What is kept of a key's text. SHA-256 is right here, and a slow hash for passwords is not needed: nobody tries out 2^256
 * texts, however fast.
 */
export function fingerprintOf(text: string): Pick<ApiKey, 'keyId' | 'sha256' | 'beginsWith'> {
  const sha256 = hash('sha256', text, 'hex');
  return { keyId: sha256.slice(0, idCharacters), sha256, beginsWith: text.slice(0, shownCharacters) };
}

/** Whether `text` is the key's, compared in constant time. */
export function isTextOf(text: string, { sha256 }: Pick<ApiKey, 'sha256'>): boolean {
  return timingSafeEqual(hash('sha256', text, 'buffer'), Buffer.from(sha256, 'hex'));
}

/** What a key is good for at `now` (Unix ms). */
export function statusOf({ expiresAt, revokedAt }: ApiKey, now: number): ApiKeyStatus {
  if (revokedAt !== null) return 'revoked';
  return expiresAt !== null && expiresAt <= now ? 'expired' : 'active';
}
