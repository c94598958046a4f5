import type { Engine } from '../ports/engine.ts';
import { apiKeyNotFound, type Refusal } from '../refusal.ts';
import { recordAction } from './record-action.ts';

/**
 * Ends a key: the next call with it is refused. A key that is revoked already stays so.
 *
 * @throws RetryableError when the store is away
 */
export async function revokeApiKey(
  engine: Engine,
  actor: string,
  keyId: string,
): Promise<{ readonly outcome: 'revoked' } | Refusal<'api-key-not-found'>> {
  const apiKey = await engine.apiKeys.get(keyId);
  if (apiKey === null) return apiKeyNotFound(keyId);
  if (apiKey.revokedAt !== null) return { outcome: 'revoked' };
  await engine.apiKeys.revoke(apiKey, engine.clock());
  await recordAction(engine, actor, 'api-key.revoked', keyId, `Revoked "${apiKey.name}" (${apiKey.role}).`);
  return { outcome: 'revoked' };
}
