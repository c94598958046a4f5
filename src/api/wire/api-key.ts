import { type ApiKey, statusOf } from '../../core/operators/api-key.ts';
import type { WireApiKey } from '../contract/api-key.ts';
import { toIso, toIsoOrNull } from './iso-time.ts';

/** An API key in wire format at `now` (Unix ms), without its hash. */
export function apiKeyToWire(key: ApiKey, now: number): WireApiKey {
  return {
    id: key.keyId,
    name: key.name,
    role: key.role,
    status: statusOf(key, now),
    begins_with: key.beginsWith,
    created_at: toIso(key.createdAt),
    created_by: key.createdBy,
    last_used_at: toIsoOrNull(key.lastUsedAt),
    expires_at: toIsoOrNull(key.expiresAt),
    revoked_at: toIsoOrNull(key.revokedAt),
  };
}
