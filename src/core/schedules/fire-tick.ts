import type { Connector } from '../connectors/connector.ts';
import { wayOf } from '../connectors/connector-config.ts';
import { noteEvent } from '../connectors/note-event.ts';
import { RetryableError } from '../errors.ts';
import type { Engine } from '../ports/engine.ts';
import { derivedRunId, derivedTriggerId } from '../triggers/dispatch-trigger.ts';
import { receiveEvent } from '../triggers/receive-trigger.ts';
import { type MissedTicks, type Schedule, type Tick, tickKey } from './schedule.ts';

export type TickOutcome =
  | { readonly outcome: 'fired'; readonly runIds: readonly string[] }
  /** The tick was fired before; nothing was started. */
  | { readonly outcome: 'repeated' }
  /** Nothing was started; the connector's history says why. */
  | { readonly outcome: 'missed' | 'skipped' }
  /** The connector was deleted, is disabled, or has a type without a schedule. */
  | { readonly outcome: 'not-acquired' };

/**
 * Fires one tick of a connector's schedule. However often it is called, each tick starts one set of runs.
 *
 * @param tickAt Unix ms of the tick
 * @throws RetryableError when the store is unavailable or over capacity; call it again then
 */
export async function fireTick(engine: Engine, connectorId: string, tickAt: number): Promise<TickOutcome> {
  const connector = await engine.connectors.get(connectorId);
  const way = connector === null ? undefined : wayOf(engine.types, connector, 'schedule');
  if (!connector?.enabled || way === undefined) return { outcome: 'not-acquired' };
  const reason = await reasonAgainst(engine, connector, way.schedule(connector.config), tickAt);
  if (reason !== null && (await wasFired(engine, connector, tickAt))) return { outcome: 'repeated' };
  if (reason === 'late') {
    return noteMissed(engine, connectorId, { first: tickAt, last: tickAt, count: 1, more: false });
  }
  if (reason === 'overlap') {
    return noteSkipped(engine, connectorId, tickAt, 'the previous run was still in progress');
  }
  return receiveTick(engine, connector, tickAt);
}

/**
 * Fires a tick that was not fired in time, regardless of its age and of other runs, because an operator asks for it.
 *
 * @param tickAt Unix ms of the tick
 * @throws RetryableError when the store is unavailable or over capacity; call it again then
 */
export async function fireLateTick(
  engine: Engine,
  connectorId: string,
  tickAt: number,
): Promise<TickOutcome> {
  const connector = await engine.connectors.get(connectorId);
  const way = connector === null ? undefined : wayOf(engine.types, connector, 'schedule');
  if (!connector?.enabled || way === undefined) return { outcome: 'not-acquired' };
  return receiveTick(engine, connector, tickAt);
}

async function reasonAgainst(
  engine: Engine,
  connector: Connector,
  schedule: Schedule,
  tickAt: number,
): Promise<'late' | 'overlap' | null> {
  if (engine.clock() - tickAt > schedule.catchUpMs) return 'late';
  if (schedule.overlap === 'skip' && (await hasUnendedRun(engine, connector.id))) return 'overlap';
  return null;
}

/** A page may be empty before the end of the list, where other connectors' runs come in between. */
async function hasUnendedRun(engine: Engine, connectorId: string): Promise<boolean> {
  let cursor: string | null = null;
  do {
    const page = await engine.runs.list({ connectorId, statuses: ['queued', 'running'], limit: 1, cursor });
    if (page.items.length > 0) return true;
    cursor = page.nextCursor;
  } while (cursor !== null);
  return false;
}

/** Whether the tick was filtered, or has started a run of any linked agent; links may have changed since. */
async function wasFired(engine: Engine, connector: Connector, tickAt: number): Promise<boolean> {
  const natural = tickKey(tickAt);
  const triggerId = derivedTriggerId(connector.id, natural);
  for (const agent of connector.agents) {
    if ((await engine.runs.find(derivedRunId(triggerId, natural, agent))) !== null) return true;
  }
  if (connector.conditions === undefined) return false;
  return (await engine.runs.findTrigger(triggerId)) !== null;
}

async function receiveTick(engine: Engine, connector: Connector, tickAt: number): Promise<TickOutcome> {
  const received = await receiveEvent<Tick>(engine, connector, { at: tickAt, by: 'schedule' });
  if (received.outcome === 'accepted') {
    return received.repeated ? { outcome: 'repeated' } : { outcome: 'fired', runIds: received.runIds };
  }
  // The connector's history says why.
  if (received.outcome === 'answered') return { outcome: 'skipped' };
  if (received.reason === 'unavailable') {
    throw new RetryableError(received.detail, { retryAfterSeconds: received.retryAfterSeconds ?? 1 });
  }
  return noteSkipped(engine, connector.id, tickAt, received.detail.replace(/\.$/, ''));
}

async function noteSkipped(
  engine: Engine,
  connectorId: string,
  tickAt: number,
  why: string,
): Promise<TickOutcome> {
  const detail = `The tick of ${isoSeconds(tickAt)} was skipped: ${why}.`;
  await noteEvent(engine, connectorId, 'tick.skipped', tickKey(tickAt), detail);
  return { outcome: 'skipped' };
}

/**
 * Records in a connector's history that ticks were too late to catch up with.
 *
 * @throws RetryableError when the store is unavailable
 */
export async function noteMissed(
  engine: Engine,
  connectorId: string,
  missed: MissedTicks,
): Promise<TickOutcome> {
  await noteEvent(engine, connectorId, 'tick.missed', tickKey(missed.first), sentenceOf(missed));
  return { outcome: 'missed' };
}

function sentenceOf({ first, last, count, more }: MissedTicks): string {
  if (count === 1) return `The tick of ${isoSeconds(first)} was missed.`;
  const number = more ? `More than ${count}` : String(count);
  const end = more ? 'on' : `to ${isoSeconds(last)}`;
  return `${number} ticks from ${isoSeconds(first)} ${end} were missed.`;
}

function isoSeconds(timeMs: number): string {
  return new Date(timeMs).toISOString().replace('.000Z', 'Z');
}
