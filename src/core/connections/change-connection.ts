import { parseConfig } from '../connectors/connector-config.ts';
import { nameProblems } from '../connectors/create-connector.ts';
import { RetryableError } from '../errors.ts';
import type { FieldProblem } from '../field-problem.ts';
import type { JsonObject } from '../json/json-value.ts';
import { recordAction } from '../operators/record-action.ts';
import type { Engine } from '../ports/engine.ts';
import { connectionNotFound, type Refusal, refuseInvalid } from '../refusal.ts';
import { applyConnection, mergeConnection } from './apply-connection.ts';
import { connectionNameTaken } from './create-connection.ts';
import { findKind } from './find-kind.ts';
import type { NamedConnection, OpenConnection } from './named-connection.ts';

/** An operator's changes; omitted fields stay as they are. */
export interface ConnectionPatch {
  readonly name?: string;
  /** Omitted fields stay as they are, including secret ones; `null` removes a field or resets it to its default. */
  readonly config?: JsonObject;
}

export type ChangeConnectionOutcome =
  | { readonly outcome: 'changed' | 'unchanged'; readonly connection: NamedConnection }
  | Refusal<'connection-not-found' | 'invalid-request' | 'name-taken'>;

/** Two operators may write at the same moment; more contention is refused. */
const maxTries = 5;

/**
 * Changes a connection, and then all connectors that use it. Checks the new values for each of them first.
 *
 * The change is stored before any connector gets it. What a crash cuts short is completed by `applyPending`.
 *
 * @returns `refused` with every problem, including those of connectors; nothing was changed then. The connection is still
 *   pending if not all connectors have the change yet.
 * @throws RetryableError when the store is unavailable, or others keep changing the connection
 */
export async function changeConnection(
  engine: Engine,
  actor: string,
  connectionId: string,
  patch: ConnectionPatch,
): Promise<ChangeConnectionOutcome> {
  for (let tries = 0; tries < maxTries; tries++) {
    const stored = await engine.connections.get(connectionId);
    if (stored === null) return connectionNotFound(connectionId);
    const next = patched(engine, stored, patch);
    if ('outcome' in next) return next;
    const written = changes(stored, next) ? await store(engine, next) : 'unchanged';
    if (written === 'changed-meanwhile') continue;
    if (typeof written !== 'string') return written;
    if (written === 'changed') {
      const detail = `Changed: ${Object.keys(patch).join(', ')}.`;
      await recordAction(engine, actor, 'connection.changed', connectionId, detail);
    }
    const isPending = !(await applyConnection(engine, connectionId));
    const { connection } = written === 'changed' ? next : stored;
    return { outcome: written, connection: { ...connection, isPending } };
  }
  throw new RetryableError('Another change of this connection is in progress. Try again.');
}

/** Stores a change that suits all connectors. */
async function store(
  engine: Engine,
  next: OpenConnection,
): Promise<
  'changed' | 'changed-meanwhile' | Refusal<'connection-not-found' | 'invalid-request' | 'name-taken'>
> {
  const problems = await problemsOfUsers(engine, next);
  if (problems.length > 0) return refuseInvalid(problems);
  const replaced = await engine.connections.replace(next);
  if (replaced === 'name-taken') return connectionNameTaken(next.connection.name);
  if (replaced === 'missing') return connectionNotFound(next.connection.id);
  return replaced === 'replaced' ? 'changed' : replaced;
}

function patched(
  engine: Engine,
  { connection, secrets }: OpenConnection,
  patch: ConnectionPatch,
): OpenConnection | Refusal<'invalid-request'> {
  const found = findKind(engine.types, connection.kind);
  if (found.outcome === 'unknown') return refuseInvalid([found.problem]);
  const whole = Object.entries({ ...connection.config, ...secrets, ...patch.config });
  const given = Object.fromEntries(whole.filter(([, value]) => value !== null));
  const parsed = parseConfig(found.kind, given, engine.settings);
  const ofName = patch.name === undefined ? [] : nameProblems(patch.name);
  const problems = [...ofName, ...(parsed.outcome === 'invalid' ? parsed.problems : [])];
  if (parsed.outcome === 'invalid' || problems.length > 0) return refuseInvalid(problems);
  return {
    connection: {
      ...connection,
      name: patch.name?.trim() ?? connection.name,
      config: parsed.config,
      secretFields: Object.keys(parsed.secrets),
      version: connection.version + 1,
      isPending: true,
      updatedAt: engine.clock(),
    },
    secrets: parsed.secrets,
  };
}

function changes(before: OpenConnection, after: OpenConnection): boolean {
  const contentOf = ({ connection: { name, config }, secrets }: OpenConnection) =>
    JSON.stringify([name, sorted(config), sorted(secrets)]);
  return contentOf(before) !== contentOf(after);
}

function sorted(fields: JsonObject): [string, unknown][] {
  return Object.entries(fields).toSorted(([one], [other]) => (one < other ? -1 : 1));
}

/** Why connectors cannot have the new values. */
async function problemsOfUsers(engine: Engine, next: OpenConnection): Promise<FieldProblem[]> {
  const problems: FieldProblem[] = [];
  for (const connector of await engine.connectors.using(next.connection.id)) {
    const { config: secrets } = await engine.secrets.get(connector.id);
    const merged = await mergeConnection(engine, connector, secrets, next);
    if (merged.outcome === 'valid') continue;
    for (const { field, message } of merged.problems) {
      const about = field === 'connection' ? message : `${field}: ${message}`;
      problems.push({
        field: 'config',
        message: `does not suit the connector "${connector.name}": ${about}`,
      });
    }
  }
  return problems;
}
