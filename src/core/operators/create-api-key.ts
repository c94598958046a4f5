import type { FieldProblem } from '../field-problem.ts';
import type { Engine } from '../ports/engine.ts';
import { type Refusal, refuse, refuseInvalid } from '../refusal.ts';
import { type ApiKey, fingerprintOf, makeKeyText } from './api-key.ts';
import { recordAction } from './record-action.ts';
import type { Role } from './role.ts';

export interface ApiKeyDraft {
  readonly name: string;
  readonly role: Role;
  /** `null`: it does not expire. */
  readonly expiresInSeconds: number | null;
}

export type CreateKeyOutcome =
  | {
      readonly outcome: 'created';
      readonly apiKey: ApiKey;
      /** The key itself: shown now and never again. */
      readonly text: string;
    }
  | Refusal<'invalid-request' | 'name-taken'>;

/** Who else stands in the audit log: a key of such a name would speak for them. */
const reservedNames = ['admin-token', 'first-token', 'system'];

/**
 * Makes a key for a program. Only its hash is kept.
 *
 * @throws RetryableError when the store is away
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
    return refuse('name-taken', `There is an API key named "${name}"; revoke it, or take another name.`);
  }
  await recordAction(engine, actor, 'api-key.created', apiKey.keyId, `Created "${name}" (${draft.role}).`);
  return { outcome: 'created', apiKey, text };
}

function nameProblems(name: string): FieldProblem[] {
  const field = 'name';
  if (name === '') return [{ field, message: 'is required' }];
  if (!/^[a-z0-9][a-z0-9 ._-]{0,63}$/i.test(name)) {
    const message =
      'begins with a letter or a digit and has at most 64 letters, digits, spaces, dots, hyphens and underscores';
    return [{ field, message }];
  }
  if (!reservedNames.includes(name.toLowerCase())) return [];
  return [{ field, message: `is a name that the product itself has in the audit log: ${name}` }];
}
