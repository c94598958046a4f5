import type { Connector } from '../connectors/connector.ts';
import {
  findMode,
  type ParsedConfig,
  parseConfig,
  verifyProblems,
  wayProblems,
} from '../connectors/connector-config.ts';
import { openRegistered, unregisterFormer } from '../connectors/register-connector.ts';
import { updateConnector } from '../connectors/update-connector.ts';
import { messageOf } from '../errors.ts';
import type { FieldProblem } from '../field-problem.ts';
import type { Engine } from '../ports/engine.ts';
import { type Refusal, refuseInvalid } from '../refusal.ts';
import type { OpenConnection, UsedConnection } from './named-connection.ts';
import { ownSecretFields, ownValues, problemsOfTaken, takeFrom } from './take-connection.ts';

/**
 * Gives every connector of a connection its current values, in order of creation, and settles the connection. Repeatable:
 * connectors that have the values are left alone, so what a crash cut short is completed by the next call.
 *
 * A connector that cannot have the values, or whose records cannot be written now, does not stop the others.
 *
 * @returns whether all connectors have the values
 * @throws RetryableError when the connection cannot be read
 */
export async function applyConnection(engine: Engine, connectionId: string): Promise<boolean> {
  const opened = await engine.connections.get(connectionId);
  if (opened === null || !opened.connection.isPending) return true;
  let allDone = true;
  for (const { id } of await engine.connectors.using(connectionId)) {
    const reason = await applyToConnector(engine, connectionId, id).catch(messageOf);
    if (reason === null) continue;
    allDone = false;
    engine.log.error('connection.not-applied', { connection_id: connectionId, connector_id: id, reason });
  }
  if (allDone) await engine.connections.settle(connectionId, opened.connection.version);
  return allDone;
}

/** Completes every change of a connection that is not applied to all connectors. @throws as `applyConnection` */
export async function applyPending(engine: Engine): Promise<void> {
  for (const connectionId of await engine.connections.pending()) await applyConnection(engine, connectionId);
}

/** @returns why the connector does not have the values, in a sentence; `null` if it has them */
async function applyToConnector(
  engine: Engine,
  connectionId: string,
  connectorId: string,
): Promise<string | null> {
  const before = await openRegistered(engine, connectorId);
  const met = new Map<string, string>();
  const updated = await updateConnector(engine, connectorId, async (stored) => {
    const opened = await engine.connections.get(connectionId);
    if (opened === null || stored.connection?.id !== connectionId) return null;
    // An earlier try has written secrets over those of another change, even if that one brought the record up to date.
    const isRepeated = met.size > 0;
    if (!isRepeated && stored.connection.version >= opened.connection.version) return null;
    return applied(engine, stored, opened, met);
  });
  if (updated.outcome === 'refused') return updated.reason === 'connector-not-found' ? null : updated.detail;
  if (updated.outcome === 'updated' && before !== null) await unregisterFormer(engine, before);
  return null;
}

/**
 * Stores the secrets first, as every change of a connector does. The connector's own secrets stay as they are then
 * stored, because an operator may change them at the same moment.
 *
 * @param met values of secret fields that earlier tries found. A secret that the record did not name yet is removed as
 *   the rest of a change that was cut short; if an operator was adding it, the next try puts it back.
 */
async function applied(
  engine: Engine,
  stored: Connector,
  opened: OpenConnection,
  met: Map<string, string>,
): Promise<Pick<Connector, 'config' | 'secretFields' | 'connection'> | Refusal<'invalid-request'>> {
  const { config: secrets } = await engine.secrets.get(stored.id);
  const merged = await mergeConnection(engine, stored, { ...Object.fromEntries(met), ...secrets }, opened);
  if (merged.outcome === 'invalid') return refuseInvalid(merged.problems);
  const own = ownSecretFields(stored);
  await engine.secrets.change(stored.id, (kept) => {
    const found = Object.entries(kept.config);
    for (const [field, value] of found) met.set(field, value);
    const current = Object.fromEntries(found.filter(([field]) => own.includes(field)));
    return { ...kept, config: { ...merged.secrets, ...current } };
  });
  return { config: merged.config, secretFields: Object.keys(merged.secrets), connection: merged.used };
}

type Merged =
  | (Extract<ParsedConfig, { outcome: 'valid' }> & { readonly used: UsedConnection | null })
  | Extract<ParsedConfig, { outcome: 'invalid' }>;

/**
 * The configuration of a connector with the values of a state of its connection.
 *
 * @param secrets values of the connector's secret fields
 */
export async function mergeConnection(
  engine: Engine,
  stored: Connector,
  secrets: Readonly<Record<string, string>>,
  opened: OpenConnection,
): Promise<Merged> {
  const found = findMode(engine.types, stored.type, stored.mode);
  if (found.outcome === 'unknown') return { outcome: 'invalid', problems: [found.problem] };
  const own = ownValues(stored, secrets);
  const taken = takeFrom(found, opened, own);
  if (taken.outcome === 'invalid') return taken;
  const { used, values } = taken;
  const parsed = parseConfig(found.mode, { ...own, ...values }, engine.settings);
  const problems: readonly FieldProblem[] =
    parsed.outcome === 'invalid'
      ? parsed.problems
      : [
          ...wayProblems(engine, { ...stored, config: parsed.config }),
          ...(await verifyProblems(found.mode, parsed.config)),
        ];
  if (parsed.outcome === 'valid' && problems.length === 0) return { ...parsed, used };
  return { outcome: 'invalid', problems: problemsOfTaken(problems, used) };
}
