import { wayOf } from '../connectors/connector-config.ts';
import { RetryableError } from '../errors.ts';
import { recordAction } from '../operators/record-action.ts';
import type { Engine } from '../ports/engine.ts';
import { connectorNotFound, type Refusal, refuse } from '../refusal.ts';
import { receiveEvent } from '../triggers/receive-trigger.ts';
import { type Schedule, type Tick, ticksAfter } from './schedule.ts';

type NextTicksOutcome =
  | {
      readonly outcome: 'found';
      readonly schedule: Schedule;
      /** Unix ms, in order; empty if the connector is disabled, because it then schedules nothing. */
      readonly ticks: readonly number[];
    }
  | Refusal<'connector-not-found' | 'no-schedule'>;

/** How many ticks of a schedule operators see. */
export const shownTicks = 5;

/**
 * The next ticks of a connector's schedule.
 *
 * @throws RetryableError when the store is unavailable
 */
export async function nextTicks(engine: Engine, connectorId: string): Promise<NextTicksOutcome> {
  const connector = await engine.connectors.get(connectorId);
  if (connector === null) return connectorNotFound(connectorId);
  const schedule = wayOf(engine.types, connector, 'schedule')?.schedule(connector.config);
  if (schedule === undefined) return noSchedule(connectorId);
  const ticks = connector.enabled ? ticksAfter(schedule, engine.clock(), shownTicks) : [];
  return { outcome: 'found', schedule, ticks };
}

type RunNowOutcome =
  | {
      readonly outcome: 'started';
      readonly runIds: readonly string[];
      /** No linked agent wanted the event. */
      readonly filtered: boolean;
    }
  | Refusal<'connector-not-found' | 'no-schedule' | TickRefusal>;

/** What may keep a tick from starting runs, other than a busy system. */
type TickRefusal = 'connector-disabled' | 'no-linked-agents' | 'input-invalid' | 'budget-reached';

/**
 * Fires a schedule now, regardless of its overlap policy, because an operator asks for it. Every call starts new runs.
 *
 * @throws RetryableError when the store is unavailable or over capacity; nothing was started then
 */
export async function runNow(engine: Engine, actor: string, connectorId: string): Promise<RunNowOutcome> {
  const connector = await engine.connectors.get(connectorId);
  if (connector === null) return connectorNotFound(connectorId);
  if (wayOf(engine.types, connector, 'schedule') === undefined) return noSchedule(connectorId);
  const tick: Tick = { at: Math.trunc(engine.clock() / 1_000) * 1_000, by: 'operator' };
  const received = await receiveEvent(engine, connector, tick);
  if (received.outcome === 'accepted') {
    await recordAction(engine, actor, 'connector.run-now', connectorId, 'Fired its schedule by hand.');
    const { runIds } = received;
    return { outcome: 'started', runIds, filtered: runIds.length === 0 };
  }
  if (received.outcome === 'answered') return { outcome: 'started', runIds: [], filtered: false };
  const { reason, detail, retryAfterSeconds } = received;
  switch (reason) {
    case 'connector-disabled':
    case 'no-linked-agents':
    case 'input-invalid':
      return refuse(reason, detail);
    case 'budget-reached':
      return { ...refuse(reason, detail), ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }) };
    default:
      throw new RetryableError(detail, { retryAfterSeconds: retryAfterSeconds ?? 1 });
  }
}

/** The refusal of an operation that requires a schedule. */
function noSchedule(connectorId: string): Refusal<'no-schedule'> {
  return refuse('no-schedule', `The connector "${connectorId}" has no schedule.`);
}
