import { hash, timingSafeEqual } from 'node:crypto';
import type { Entropy } from '../identifiers.ts';
import type { Role } from './role.ts';

/** The stored part of an API key of the management API. Times are Unix ms. */
export interface ApiKey {
  /** The beginning of `sha256`: one read finds a key by its text or by its id. */
  readonly keyId: string;
  /** Identifies the caller in the audit log. */
  readonly name: string;
  readonly role: Role;
  /** Of the key's text, in hex. */
  readonly sha256: string;
  /** The first characters of the text, to identify a key that turns up somewhere. */
  readonly beginsWith: string;
  readonly createdAt: number;
  readonly createdBy: string;
  /** `null` if it was never used. Up to `useNotedEveryMs` behind. */
  readonly lastUsedAt: number | null;
  /** `null` if it never expires. */
  readonly expiresAt: number | null;
  readonly revokedAt: number | null;
}

export type ApiKeyStatus = 'active' | 'expired' | 'revoked';

/** A use is recorded only if the last record is older than this, so that not every call costs a write. */
export const useNotedEveryMs = 3_600_000;

/** Days for which an expired or revoked key stays listed, and its callers learn why it ended. */
export const endedKeysKeptDays = 90;

/** Every key begins with this, so that people and secret scanners recognize it. */
const prefix = 'ackey_';
const entropyBytes = 32;
/** The prefix and 36 of 256 bits: enough to tell keys apart, too few to guess one. */
const shownCharacters = prefix.length + 6;
const idCharacters = 32;

/** The text of a new key: the prefix and 256 bits. */
export function makeKeyText(entropy: Entropy): string {
  return prefix + Buffer.from(entropy(entropyBytes)).toString('base64url');
}

/** Whether a token has the form of a key; only then is it looked up. */
export function isKeyText(token: string): boolean {
  return /^ackey_[\w-]{43}$/.test(token);
}

/**
 * The stored part of a key's text. SHA-256 is enough; a slow password hash is not needed, because nobody can try 2^256
 * texts.
 */
export function fingerprintOf(text: string): Pick<ApiKey, 'keyId' | 'sha256' | 'beginsWith'> {
  const sha256 = hash('sha256', text, 'hex');
  return { keyId: sha256.slice(0, idCharacters), sha256, beginsWith: text.slice(0, shownCharacters) };
}

/** Whether `text` is the key's; compares in constant time. */
export function isTextOf(text: string, { sha256 }: Pick<ApiKey, 'sha256'>): boolean {
  return timingSafeEqual(hash('sha256', text, 'buffer'), Buffer.from(sha256, 'hex'));
}

/** The key's status at `now` (Unix ms). */
export function statusOf({ expiresAt, revokedAt }: ApiKey, now: number): ApiKeyStatus {
  if (revokedAt !== null) return 'revoked';
  return expiresAt !== null && expiresAt <= now ? 'expired' : 'active';
}
