import { messageOf } from '../errors.ts';
import type { FieldProblem } from '../field-problem.ts';
import type { Engine } from '../ports/engine.ts';
import { apiKeyNotFound, type Refusal, refuse, refuseInvalid } from '../refusal.ts';
import {
  type ApiKey,
  fingerprintOf,
  isKeyText,
  isTextOf,
  makeKeyText,
  statusOf,
  useNotedEveryMs,
} from './api-key.ts';
import { recordAction } from './record-action.ts';
import type { Role } from './role.ts';

interface ApiKeyDraft {
  readonly name: string;
  readonly role: Role;
  /** `null` for a key that never expires. */
  readonly expiresInSeconds: number | null;
}

type CreateKeyOutcome =
  | {
      readonly outcome: 'created';
      readonly apiKey: ApiKey;
      /** The key itself: shown now and never again. */
      readonly text: string;
    }
  | Refusal<'invalid-request' | 'name-taken'>;

/** Other actors in the audit log: a key with such a name would impersonate them. */
const reservedNames = ['admin-token', 'first-token', 'system'];

/**
 * Creates a key for a program. Only its hash is stored.
 *
 * @throws RetryableError when the store is unavailable
 */
export async function createApiKey(
  engine: Engine,
  actor: string,
  draft: ApiKeyDraft,
): Promise<CreateKeyOutcome> {
  const name = draft.name.trim();
  const problems = nameProblems(name);
  if (problems.length > 0) return refuseInvalid(problems);
  const text = makeKeyText(engine.entropy);
  const createdAt = engine.clock();
  const apiKey: ApiKey = {
    ...fingerprintOf(text),
    name,
    role: draft.role,
    createdAt,
    createdBy: actor,
    lastUsedAt: null,
    expiresAt: draft.expiresInSeconds === null ? null : createdAt + draft.expiresInSeconds * 1_000,
    revokedAt: null,
  };
  if ((await engine.apiKeys.create(apiKey)) === 'name-taken') {
    return refuse('name-taken', `An API key named "${name}" already exists. Revoke it, or use another name.`);
  }
  await recordAction(engine, actor, 'api-key.created', apiKey.keyId, `Created "${name}" (${draft.role}).`);
  return { outcome: 'created', apiKey, text };
}

function nameProblems(name: string): FieldProblem[] {
  const field = 'name';
  if (name === '') return [{ field, message: 'is required' }];
  if (!/^[a-z0-9][a-z0-9 ._-]{0,63}$/i.test(name)) {
    const message =
      'must start with a letter or digit and have at most 64 letters, digits, spaces, dots, hyphens, and underscores';
    return [{ field, message }];
  }
  if (!reservedNames.includes(name.toLowerCase())) return [];
  return [{ field, message: `is reserved: ${name}` }];
}

type VerifiedKey =
  | { readonly outcome: 'valid'; readonly apiKey: ApiKey }
  /** A key that was valid before; `detail` is one sentence for the program that still uses it. */
  | { readonly outcome: 'ended'; readonly detail: string }
  | { readonly outcome: 'unknown' };

/**
 * Finds the key of a token with one read of the store; a token that does not look like a key costs none.
 *
 * @throws RetryableError when the store is unavailable
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

/** A caller is not refused because its use could not be recorded. */
async function noteUse(engine: Engine, { keyId, name, lastUsedAt }: ApiKey, now: number): Promise<void> {
  if (lastUsedAt !== null && now - lastUsedAt < useNotedEveryMs) return;
  try {
    await engine.apiKeys.noteUse(keyId, now);
  } catch (thrown) {
    engine.log.warn('api-key.use-not-noted', { name, reason: messageOf(thrown) });
  }
}

/**
 * Ends a key: the next call with it is refused. Revoking it again changes nothing.
 *
 * @throws RetryableError when the store is unavailable
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
