import { parseConfig } from '../connectors/connector-config.ts';
import { nameProblems } from '../connectors/create-connector.ts';
import { uuidV4 } from '../identifiers.ts';
import type { JsonObject } from '../json/json-value.ts';
import { recordAction } from '../operators/record-action.ts';
import type { Engine } from '../ports/engine.ts';
import { type Refusal, refuse, refuseInvalid } from '../refusal.ts';
import { findKind } from './find-kind.ts';
import type { NamedConnection } from './named-connection.ts';

export interface ConnectionDraft {
  readonly name: string;
  /** Name of the kind. */
  readonly kind: string;
  /** As entered, secrets included. */
  readonly config: JsonObject;
}

export type CreateConnectionOutcome =
  | { readonly outcome: 'created'; readonly connection: NamedConnection }
  | Refusal<'invalid-request' | 'name-taken'>;

/**
 * Creates a connection that no connector uses yet.
 *
 * @returns `refused` with every problem of the draft
 * @throws RetryableError when the store is unavailable; nothing was created then
 */
export async function createConnection(
  engine: Engine,
  actor: string,
  draft: ConnectionDraft,
): Promise<CreateConnectionOutcome> {
  const found = findKind(engine.types, draft.kind);
  if (found.outcome === 'unknown') return refuseInvalid([found.problem]);
  const parsed = parseConfig(found.kind, draft.config, engine.settings);
  const problems = [...nameProblems(draft.name), ...(parsed.outcome === 'invalid' ? parsed.problems : [])];
  if (parsed.outcome === 'invalid' || problems.length > 0) return refuseInvalid(problems);
  const now = engine.clock();
  const connection: NamedConnection = {
    id: uuidV4(engine.entropy),
    name: draft.name.trim(),
    kind: draft.kind,
    config: parsed.config,
    secretFields: Object.keys(parsed.secrets),
    version: 1,
    isPending: false,
    createdAt: now,
    updatedAt: now,
  };
  const created = await engine.connections.create({ connection, secrets: parsed.secrets });
  if (created === 'name-taken') return connectionNameTaken(connection.name);
  await recordAction(engine, actor, 'connection.created', connection.id, `Created "${connection.name}".`);
  return { outcome: 'created', connection };
}

/** Connectors refer to connections by name. */
export function connectionNameTaken(name: string): Refusal<'name-taken'> {
  const refused = refuse('name-taken', `A connection named "${name}" already exists. Use another name.`);
  return { ...refused, problems: [{ field: 'name', message: 'is the name of another connection' }] };
}
