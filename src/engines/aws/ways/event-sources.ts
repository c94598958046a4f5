import type { Connector } from '../../../core/connectors/connector.ts';
import { wayOf } from '../../../core/connectors/connector-config.ts';
import { isPolled, pollOf, stateOfPolls } from '../../../core/polls/poll-once.ts';
import type { SourceState } from '../../../core/ports/connector-sources.ts';
import { compareSources } from './compare-sources.ts';
import { followSource, type SourceParts } from './follow-source.ts';
import { pollHealthOf } from './poll/stored-polls.ts';
import { type SourceKind, sourceKindOf } from './source-kind.ts';
import { dueMarks, readMark, type SourceMark } from './source-marks.ts';

/** Sources to update in one pass of the reconciler: each takes several calls of tens of milliseconds. */
const sourcesPerLook = 50;

/** Minute of the hour in which all sources are compared with all connectors. */
const comparingMinute = 17;

/** State of a connector's source, without its backlog; `null` if it needs none. */
export async function sourceState(parts: SourceParts, connectorId: string): Promise<SourceState | null> {
  const connector = await parts.engine.connectors.get(connectorId);
  if (connector === null) return null;
  const kind = sourceKindOf(parts.engine.types, connector);
  if (kind === null) return null;
  const mark = await readMark(parts.table, connectorId);
  if (mark === null || mark.dueAt !== undefined) return unfollowed(mark);
  const followed = await followedState(parts, connector, kind);
  return { ...followed, since: followed.since ?? mark.followedAt ?? null };
}

async function followedState(
  parts: SourceParts,
  connector: Connector,
  kind: SourceKind,
): Promise<SourceState> {
  if (kind === 'registration') return registered;
  if (kind === 'stream') return parts.streams.state(connector);
  const way = wayOf(parts.engine.types, connector, 'rule');
  if (kind === 'rule' && way !== undefined) return parts.rules.state(connector, way);
  return isPolled(parts.engine, connector) ? pollState(parts, connector) : scheduleState(parts, connector);
}

const registered: SourceState = {
  status: 'running',
  since: null,
  lastError: null,
  nextEventAt: null,
  backlog: null,
};

async function pollState({ engine, table }: SourceParts, connector: Connector): Promise<SourceState> {
  if (pollOf(engine, connector) === null) return { ...stateOfPolls(null), status: 'stopped' };
  return stateOfPolls(await pollHealthOf(table, connector.id));
}

/** The source does not match the connector's record yet. */
function unfollowed(mark: SourceMark | null): SourceState {
  const lastError = mark?.lastError ?? null;
  const state = { lastError, nextEventAt: null, backlog: null };
  return lastError === null
    ? { ...state, status: 'starting', since: null }
    : { ...state, status: 'failing', since: lastError.at };
}

async function scheduleState({ engine }: SourceParts, connector: Connector): Promise<SourceState> {
  const state = { since: null, lastError: null, nextEventAt: null, backlog: null };
  if (!connector.enabled) return { ...state, status: 'stopped' };
  const schedule = wayOf(engine.types, connector, 'schedule')?.schedule(connector.config);
  const nextEventAt = schedule?.nextAfter(engine.clock()) ?? null;
  return { ...state, status: 'running', nextEventAt };
}

/**
 * One pass over the sources that do not match their connectors, and once an hour over all of them. Runs every minute;
 * concurrent passes do no harm.
 *
 * @throws RetryableError when the table or the scheduler is unavailable
 */
export async function followSources(parts: SourceParts): Promise<void> {
  const { engine, table } = parts;
  const now = engine.clock();
  for (const connectorId of await dueMarks(table, now, sourcesPerLook))
    await followSource(parts, connectorId);
  if (new Date(now).getUTCMinutes() === comparingMinute) await compareSources(parts);
}
