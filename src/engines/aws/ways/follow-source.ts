import type { Connector } from '../../../core/connectors/connector.ts';
import { wayOf } from '../../../core/connectors/connector-config.ts';
import { noteEvent } from '../../../core/connectors/note-event.ts';
import { registerConnector, unregisterDeleted } from '../../../core/connectors/register-connector.ts';
import { messageOf } from '../../../core/errors.ts';
import { uuidV4 } from '../../../core/identifiers.ts';
import type { Engine } from '../../../core/ports/engine.ts';
import type { Table } from '../store/table.ts';
import type { Streams } from './mapping/streams.ts';
import type { Rules } from './rule/rules.ts';
import { plannedSchedules, type Schedules } from './schedule/schedules.ts';
import {
  claimMark,
  postponeMark,
  readMark,
  removeMark,
  type SourceMark,
  settleMark,
} from './source-marks.ts';

export interface SourceParts {
  readonly engine: Engine;
  readonly table: Table;
  readonly schedules: Schedules;
  readonly streams: Streams;
  readonly rules: Rules;
}

/** Allows for operators who change a connector during an update of its source; more changes are abnormal. */
const maxRounds = 3;

/**
 * Updates a connector's source in the account to match the connector's current record, one caller at a time. If another
 * caller is updating the source, that caller or the reconciler sees this change too. Never throws: a failure is
 * recorded with its reason and retried.
 */
export async function followSource(parts: SourceParts, connectorId: string): Promise<void> {
  const { engine, table } = parts;
  const owner = uuidV4(engine.entropy);
  try {
    const mark = await claimMark(table, connectorId, owner, engine.clock());
    if (mark !== null) await followClaimed(parts, mark, owner);
  } catch (thrown) {
    // The store is unavailable; the mark stays due.
    engine.log.warn('source.not-reached', { connector_id: connectorId, reason: messageOf(thrown) });
  }
}

async function followClaimed(parts: SourceParts, claimed: SourceMark, owner: string): Promise<void> {
  const { engine, table } = parts;
  const { connectorId } = claimed;
  let mark: SourceMark | null = claimed;
  for (let round = 0; mark !== null && round < maxRounds; round++) {
    const connector = await engine.connectors.get(connectorId);
    const problem = await problemOf(() => bringUp(parts, claimed, connector));
    if (problem !== null) return fail(parts, mark, owner, problem);
    if (connector === null) return removeMark(table, connectorId);
    if (await settleMark(table, mark, owner, engine.clock())) return noteRecovery(engine, mark);
    mark = await readMark(table, connectorId);
  }
  if (mark !== null) await fail(parts, mark, owner, 'Other changes of this connector are in progress.');
}

async function problemOf(work: () => Promise<void>): Promise<string | null> {
  try {
    await work();
    return null;
  } catch (thrown) {
    return messageOf(thrown);
  }
}

async function bringUp(parts: SourceParts, { connectorId, kind }: SourceMark, connector: Connector | null) {
  if (kind === 'registration') return connector === null ? undefined : register(parts, connector);
  if (kind === 'stream') return parts.streams.follow(connectorId, connector);
  if (kind === 'rule') {
    const rule = connector === null ? undefined : wayOf(parts.engine.types, connector, 'rule');
    return parts.rules.follow(connectorId, connector, rule ?? null);
  }
  const planned = connector === null ? [] : plannedSchedules(parts.engine, connector);
  return parts.schedules.follow(connectorId, planned);
}

/** Deleting a connector removes its registration first, because the secrets are gone afterwards. */
async function register({ engine }: SourceParts, connector: Connector): Promise<void> {
  const secrets = await engine.secrets.get(connector.id);
  const registered = await registerConnector(engine, { connector, secrets });
  if (await unregisterDeleted(engine, { connector, secrets })) return;
  if (registered.outcome === 'failed') throw new Error(registered.error);
}

async function fail(
  { engine, table }: SourceParts,
  mark: SourceMark,
  owner: string,
  message: string,
): Promise<void> {
  const { connectorId, change } = mark;
  engine.log.error('source.not-followed', { connector_id: connectorId, reason: message });
  await postponeMark(table, mark, owner, engine.clock(), message);
  if (mark.lastError?.message === message) return;
  const natural = { key: `${change}\n${message}`, timeMs: engine.clock() };
  await noteEvent(engine, connectorId, 'source.failing', natural, message);
}

async function noteRecovery(engine: Engine, { connectorId, change, lastError }: SourceMark): Promise<void> {
  if (lastError === undefined) return;
  const natural = { key: change, timeMs: lastError.at };
  await noteEvent(engine, connectorId, 'source.running', natural, 'Its source is in place again.');
}
