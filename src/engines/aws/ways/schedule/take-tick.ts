import { wayOf } from '../../../../core/connectors/connector-config.ts';
import type { Engine } from '../../../../core/ports/engine.ts';
import { fireLateTick, fireTick, type TickOutcome } from '../../../../core/schedules/fire-tick.ts';
import { type TickMessage, tickMessage } from './tick-message.ts';

/**
 * Fires the tick that a message of the tick queue names. If the connector's schedule has changed while the message was
 * in transit, the tick does not fire.
 *
 * @param body of the message
 * @throws RetryableError when the store is unavailable or over capacity; the caller tries again later
 */
export async function takeTick(engine: Engine, body: string): Promise<TickOutcome> {
  const tick = tickMessage.parse(body);
  if (!(await isCurrent(engine, tick))) return { outcome: 'not-acquired' };
  return fireTick(engine, tick.connectorId, tick.tickAt);
}

/** Fires a tick from the dead letters, however late it is. */
export async function takeTickAgain(engine: Engine, body: string): Promise<TickOutcome> {
  const { connectorId, tickAt } = tickMessage.parse(body);
  return fireLateTick(engine, connectorId, tickAt);
}

async function isCurrent(engine: Engine, { connectorId, identity }: TickMessage): Promise<boolean> {
  const connector = await engine.connectors.get(connectorId);
  if (connector === null) return false;
  return wayOf(engine.types, connector, 'schedule')?.schedule(connector.config).identity === identity;
}
