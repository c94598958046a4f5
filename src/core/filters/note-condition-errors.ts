import type { Connector } from '../connectors/connector.ts';
import { noteEvent } from '../connectors/note-event.ts';
import { messageOf } from '../errors.ts';
import type { ConnectorEvent } from '../ports/connector-history.ts';
import type { Engine } from '../ports/engine.ts';
import type { Verdict } from './judge-conditions.ts';

const conditionFailed = 'condition.failed';

/** How often one process records errors of one connector's conditions: a sender may send a thousand events a minute. */
const noted = { requests: 1, perSeconds: 60 };

const hourMs = 3_600_000;

/**
 * Records in the connector's history that conditions could not be evaluated, each at most once an hour. Never throws: a
 * failed note must not change what becomes of the event.
 */
export async function noteConditionErrors(
  engine: Engine,
  { id }: Pick<Connector, 'id'>,
  verdicts: readonly Verdict[],
): Promise<void> {
  const failed = verdicts.find(({ isError }) => isError);
  const now = engine.clock();
  if (failed === undefined || !engine.rateLimiter.take(`condition ${id}`, noted, now).allowed) return;
  const reason = failed.reason ?? '';
  try {
    await noteEvent(engine, id, conditionFailed, { key: reason, timeMs: now - (now % hourMs) }, reason);
  } catch (thrown) {
    engine.log.warn('condition.not-noted', { connector_id: id, reason: messageOf(thrown) });
  }
}

/** How many of a connector's newest events are searched for errors of its conditions. */
const searchedEvents = 100;

/** How long an error counts: afterwards, events may look different. */
const countedMs = 24 * hourMs;

/**
 * The newest error of a connector's conditions in the last day; `null` if there is none, or the connector was changed
 * since.
 *
 * @throws RetryableError when the store is unavailable
 */
export async function lastConditionError(
  { history, clock }: Pick<Engine, 'history' | 'clock'>,
  { id, conditions, updatedAt }: Connector,
): Promise<ConnectorEvent | null> {
  if (conditions === undefined) return null;
  const { items } = await history.list(id, { limit: searchedEvents, cursor: null });
  const since = Math.max(updatedAt, clock() - countedMs);
  return items.find(({ event, at }) => event === conditionFailed && at >= since) ?? null;
}
