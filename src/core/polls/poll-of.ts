import type { Connector } from '../connectors/connector.ts';
import { wayOf } from '../connectors/way-of.ts';
import type { PollWay, Way } from '../connectors/ways.ts';
import { messageOf } from '../errors.ts';
import type { Engine } from '../ports/engine.ts';

/** The ways that fetch the same events: a connector whose engine has one of them is not polled. */
const insteadOfPolls: readonly Way[] = ['listen', 'mapping'];

export interface ConnectorPoll {
  readonly way: PollWay<unknown>;
  readonly everySeconds: number;
}

/** Whether the events of a connector come by polls on this engine, be it enabled or not. */
export function isPolled({ types, hasWay }: Engine, connector: Connector): boolean {
  const has = (way: Way) => hasWay(connector.type, way) && wayOf(types, connector, way) !== undefined;
  return has('poll') && !insteadOfPolls.some(has);
}

/**
 * How a connector is polled now; `null` where it is not: it is disabled, has no agents to take events for, or its events
 * come in another way.
 */
export function pollOf(engine: Engine, connector: Connector): ConnectorPoll | null {
  if (!connector.enabled || connector.agents.length === 0 || !isPolled(engine, connector)) return null;
  try {
    const way = wayOf(engine.types, connector, 'poll');
    return way === undefined ? null : { way, everySeconds: way.everySeconds(connector.config) };
  } catch (thrown) {
    engine.log.error('poll.not-readable', { connector_id: connector.id, reason: messageOf(thrown) });
    return null;
  }
}
