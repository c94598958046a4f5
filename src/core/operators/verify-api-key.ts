import { messageOf } from '../errors.ts';
import type { Engine } from '../ports/engine.ts';
import { type ApiKey, fingerprintOf, isKeyText, isTextOf, statusOf, useNotedEveryMs } from './api-key.ts';

export type VerifiedKey =
  | { readonly outcome: 'valid'; readonly apiKey: ApiKey }
  /** It was good once; `detail` is one sentence for whoever still uses it. */
  | { readonly outcome: 'ended'; readonly detail: string }
  | { readonly outcome: 'unknown' };

/**
 * Whose key a token is, with one read of the store; a token that does not look like a key costs none.
 *
 * @throws RetryableError when the store is away
 */
export async function verifyApiKey(engine: Engine, token: string): Promise<VerifiedKey> {
  if (!isKeyText(token)) return { outcome: 'unknown' };
  const apiKey = await engine.apiKeys.get(fingerprintOf(token).keyId);
  if (apiKey === null || !isTextOf(token, apiKey)) return { outcome: 'unknown' };
  const now = engine.clock();
  if (statusOf(apiKey, now) !== 'active') return { outcome: 'ended', detail: endOf(apiKey) };
  await noteUse(engine, apiKey, now);
  return { outcome: 'valid', apiKey };
}

function endOf({ name, revokedAt, expiresAt }: ApiKey): string {
  const what = revokedAt === null ? 'has expired' : 'was revoked';
  const at = new Date(revokedAt ?? expiresAt ?? 0).toISOString();
  return `The API key "${name}" ${what} (${at}); ask an operator for a new one.`;
}

/** A caller is not turned away because its use could not be written down. */
async function noteUse(engine: Engine, { keyId, name, lastUsedAt }: ApiKey, now: number): Promise<void> {
  if (lastUsedAt !== null && now - lastUsedAt < useNotedEveryMs) return;
  try {
    await engine.apiKeys.noteUse(keyId, now);
  } catch (thrown) {
    engine.log.warn('api-key.use-not-noted', { name, reason: messageOf(thrown) });
  }
}
