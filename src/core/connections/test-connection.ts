import { parseConfig } from '../connectors/connector-config.ts';
import type { ConnectionKind, Probed } from '../connectors/connector-type.ts';
import type { JsonObject } from '../json/json-value.ts';
import { recordAction } from '../operators/record-action.ts';
import type { Engine } from '../ports/engine.ts';
import { connectionNotFound, type Refusal, refuse, refuseInvalid } from '../refusal.ts';
import { findKind } from './find-kind.ts';

export interface TestedConnection {
  readonly outcome: 'tested';
  readonly probed: Probed;
  readonly durationMs: number;
}

type TestOutcome = TestedConnection | Refusal<'invalid-request' | 'nothing-to-test'>;

/**
 * Tests whether the credentials of a connection are accepted. Stores nothing but an entry in the audit log.
 *
 * @param signal aborts when the caller has disconnected
 * @throws RetryableError when the store is unavailable
 */
export async function testConnection(
  engine: Engine,
  actor: string,
  connectionId: string,
  signal: AbortSignal,
): Promise<TestOutcome | Refusal<'connection-not-found'>> {
  const opened = await engine.connections.get(connectionId);
  if (opened === null) return connectionNotFound(connectionId);
  const found = findKind(engine.types, opened.connection.kind);
  if (found.outcome === 'unknown') return refuseInvalid([found.problem]);
  const { config } = opened.connection;
  return probe(engine, actor, found.kind, config, opened.secrets, connectionId, signal);
}

/** The same before a connection is created. @param config as entered, secrets included */
export async function testConnectionDraft(
  engine: Engine,
  actor: string,
  kindName: string,
  config: JsonObject,
  signal: AbortSignal,
): Promise<TestOutcome> {
  const found = findKind(engine.types, kindName);
  if (found.outcome === 'unknown') return refuseInvalid([found.problem]);
  const parsed = parseConfig(found.kind, config, engine.settings);
  if (parsed.outcome === 'invalid') return refuseInvalid(parsed.problems);
  return probe(engine, actor, found.kind, parsed.config, parsed.secrets, kindName, signal);
}

/** @param subject of the entry in the audit log */
async function probe(
  engine: Engine,
  actor: string,
  kind: ConnectionKind,
  config: JsonObject,
  secrets: Readonly<Record<string, string>>,
  subject: string,
  signal: AbortSignal,
): Promise<TestOutcome> {
  if (kind.probe === undefined) {
    return refuse(
      'nothing-to-test',
      `A connection of type "${kind.name}" cannot be tested by itself: test a connector that uses it.`,
    );
  }
  const startedAt = engine.clock();
  const probed = await kind.probe(config, { ...engine.settings, secrets, signal });
  const durationMs = engine.clock() - startedAt;
  await recordAction(engine, actor, 'connection.tested', subject, `Outcome: ${probed.outcome}.`);
  return { outcome: 'tested', probed, durationMs };
}
