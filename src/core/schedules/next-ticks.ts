import { wayOf } from '../connectors/way-of.ts';
import type { Engine } from '../ports/engine.ts';
import { connectorNotFound, type Refusal } from '../refusal.ts';
import { noSchedule } from './run-now.ts';
import { type Schedule, ticksAfter } from './schedule.ts';

export type NextTicksOutcome =
  | {
      readonly outcome: 'found';
      readonly schedule: Schedule;
      /** Unix ms, in order; empty where the connector is disabled: it schedules nothing. */
      readonly ticks: readonly number[];
    }
  | Refusal<'connector-not-found' | 'no-schedule'>;

/** What an operator sees of a schedule (connectors.md, "Cron"). */
export const shownTicks = 5;

/**
 * The next ticks of a connector's schedule.
 *
 * @throws RetryableError when the store is away
 */
export async function nextTicks(engine: Engine, connectorId: string): Promise<NextTicksOutcome> {
  const connector = await engine.connectors.get(connectorId);
  if (connector === null) return connectorNotFound(connectorId);
  const schedule = wayOf(engine.types, connector, 'schedule')?.schedule(connector.config);
  if (schedule === undefined) return noSchedule(connectorId);
  const ticks = connector.enabled ? ticksAfter(schedule, engine.clock(), shownTicks) : [];
  return { outcome: 'found', schedule, ticks };
}
