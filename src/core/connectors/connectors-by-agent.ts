import type { ConnectorStore } from '../ports/connector-store.ts';
import type { Connector } from './connector.ts';
import { eachConnector } from './each-connector.ts';

/**
 * The answer of `linkedTo` for every agent: the connectors that link to it, in order of creation, by the agent's name.
 * Reads all connectors once instead of querying for each agent.
 *
 * @throws RetryableError when the store is unavailable
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
