import type { FieldProblem } from '../field-problem.ts';
import { isJsonObject, type JsonObject } from '../json/json-value.ts';
import { suggestion } from '../nearest-name.ts';
import { recordAction } from '../operators/record-action.ts';
import type { Engine } from '../ports/engine.ts';
import { namedSecretsId } from '../ports/secret-store.ts';
import { type Refusal, refuse, refuseInvalid } from '../refusal.ts';

/** Names can be used as variables, too. */
const secretName = /^[A-Za-z_][A-Za-z0-9_.-]{0,99}$/;

/** A secret larger than this is a file, and the record of all must stay small. */
const longestSecret = 8_192;

/** Names of the secrets that connectors in code can use, in order. */
export async function listSecrets(engine: Engine): Promise<readonly string[]> {
  return Object.keys(await engine.namedSecrets.values()).sort();
}

/**
 * Stores a secret under a name; replaces the one that has the name. Connectors get it when they are applied next.
 *
 * @throws RetryableError when the store is unavailable
 */
export async function setSecret(
  engine: Engine,
  actor: string,
  name: string,
  value: string,
): Promise<{ readonly outcome: 'set' } | Refusal<'invalid-request'>> {
  const problems: FieldProblem[] = [];
  if (!secretName.test(name)) {
    const message = 'must start with a letter, and have only letters, digits, and the signs _ . -';
    problems.push({ field: 'name', message });
  }
  if (value.trim() === '') problems.push({ field: 'value', message: 'is required' });
  if (value.length > longestSecret) {
    problems.push({ field: 'value', message: `must have at most ${longestSecret} characters` });
  }
  if (problems.length > 0) return refuseInvalid(problems);
  await engine.secrets.change(namedSecretsId, (stored) => ({
    ...stored,
    config: { ...stored.config, [name]: value },
  }));
  await recordAction(engine, actor, 'named-secret.set', name);
  return { outcome: 'set' };
}

/** @throws RetryableError when the store is unavailable */
export async function deleteSecret(
  engine: Engine,
  actor: string,
  name: string,
): Promise<{ readonly outcome: 'deleted' } | Refusal<'secret-not-found'>> {
  const stored = await storedSecrets(engine);
  if (!Object.hasOwn(stored, name)) {
    return refuse(
      'secret-not-found',
      `There is no secret named "${name}".${suggestion(name, Object.keys(stored))}`,
    );
  }
  await engine.secrets.change(namedSecretsId, (secrets) => {
    const { [name]: _removed, ...others } = secrets.config;
    return { ...secrets, config: others };
  });
  await recordAction(engine, actor, 'named-secret.deleted', name);
  return { outcome: 'deleted' };
}

/** The named secrets in the product's own secret store. */
export async function storedSecrets(
  engine: Pick<Engine, 'secrets'>,
): Promise<Readonly<Record<string, string>>> {
  return (await engine.secrets.get(namedSecretsId)).config;
}

export interface FilledConfig {
  readonly config: JsonObject;
  /** Fields are paths within the configuration. */
  readonly problems: readonly FieldProblem[];
}

/** Replaces `{secret: NAME}` in secret fields with the secret that has the name. */
export function fillSecrets(
  config: JsonObject,
  secretFields: readonly string[],
  named: Readonly<Record<string, string>>,
): FilledConfig {
  const problems: FieldProblem[] = [];
  const filled = Object.entries(config).map(([field, value]) => {
    const name = secretFields.includes(field) ? nameIn(value) : null;
    if (name === null) return [field, value];
    if (Object.hasOwn(named, name)) return [field, named[name]];
    problems.push({ field, message: `there is no secret named "${name}".${remedyFor(name, named)}` });
    return [field, value];
  });
  return { config: Object.fromEntries(filled), problems };
}

function remedyFor(name: string, named: Readonly<Record<string, string>>): string {
  return suggestion(name, Object.keys(named)) || ` Store it with \`connectors named-secrets set ${name}\`.`;
}

function nameIn(value: unknown): string | null {
  if (!isJsonObject(value) || Object.keys(value).length !== 1) return null;
  const { secret } = value;
  return typeof secret === 'string' ? secret : null;
}
