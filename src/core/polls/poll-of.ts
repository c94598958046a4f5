import type { Connector } from '../connectors/connector.ts';
import { wayOf } from '../connectors/way-of.ts';
import type { PollWay, Way } from '../connectors/ways.ts';
import { messageOf } from '../errors.ts';
import type { Engine } from '../ports/engine.ts';

/** The ways that fetch the same events: if the engine has one of them, it does not poll the connector. */
const insteadOfPolls: readonly Way[] = ['listen', 'mapping'];

export interface ConnectorPoll {
  readonly way: PollWay<unknown>;
  readonly everySeconds: number;
}

/** Whether this engine polls for a connector's events. Ignores whether the connector is enabled. */
export function isPolled({ types, hasWay }: Engine, connector: Connector): boolean {
  const has = (way: Way) => hasWay(connector.type, way) && wayOf(types, connector, way) !== undefined;
  return has('poll') && !insteadOfPolls.some(has);
}

/**
 * How a connector is polled now; `null` if it is disabled, has no linked agents, gets its events in another way, or has
 * an unreadable configuration.
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
