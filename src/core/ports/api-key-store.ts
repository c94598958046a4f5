import type { ApiKey } from '../operators/api-key.ts';
import type { Page, PageRequest } from './page.ts';

/** Keeps API keys, and ended ones for `endedKeysKeptDays` more. */
export interface ApiKeyStore {
  /** `name-taken`: a key that is not revoked already has the name; nothing was written. */
  create(key: ApiKey): Promise<'created' | 'name-taken'>;
  /** Never a stale state: a revoked key is refused from the next call on. */
  get(keyId: string): Promise<ApiKey | null>;
  list(request: PageRequest): Promise<Page<ApiKey>>;
  /** Writes `lastUsedAt` (Unix ms). */
  noteUse(keyId: string, at: number): Promise<void>;
  /** Ends the key for good and frees its name. */
  revoke(key: ApiKey, at: number): Promise<void>;
}
