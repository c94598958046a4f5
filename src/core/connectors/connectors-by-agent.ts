import type { ConnectorStore } from '../ports/connector-store.ts';
import type { Connector } from './connector.ts';
import { eachConnector } from './each-connector.ts';

/**
 * What `linkedTo` answers, for every agent at once: the connectors that link to it, in order of creation, by the agent's
 * name. One pass over all connectors, instead of a query for each agent.
 *
 * @throws RetryableError when the store is away
 */
export async function connectorsByAgent(
  connectors: ConnectorStore,
): Promise<ReadonlyMap<string, readonly Connector[]>> {
  const newestFirst = await Array.fromAsync(eachConnector(connectors));
  const links = newestFirst
    .toReversed()
    .flatMap((connector) => connector.agents.map((agent) => ({ agent, connector })));
  const byAgent = Map.groupBy(links, ({ agent }) => agent);
  return new Map([...byAgent].map(([agent, linked]) => [agent, linked.map(({ connector }) => connector)]));
}
