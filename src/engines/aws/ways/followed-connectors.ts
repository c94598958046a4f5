import type { Connector } from '../../../core/connectors/connector.ts';
import type { ConnectorTypes } from '../../../core/connectors/connector-type.ts';
import type { ConnectorStore } from '../../../core/ports/connector-store.ts';
import { sourceKindOf } from './source-kind.ts';

/** The same connectors; every change updates the connector's source before it returns. */
export function followedConnectors(
  connectors: ConnectorStore,
  types: ConnectorTypes,
  follow: (connectorId: string) => Promise<void>,
): ConnectorStore {
  const hasSource = (connector: Connector | null) =>
    connector !== null && sourceKindOf(types, connector) !== null;
  return {
    ...connectors,
    async create(connector) {
      await connectors.create(connector);
      if (hasSource(connector)) await follow(connector.id);
    },
    async replace(connector) {
      const before = await connectors.get(connector.id);
      const replaced = await connectors.replace(connector);
      // Also removes a source that the connector no longer needs.
      const follows = hasSource(connector) || hasSource(before);
      if (replaced === 'replaced' && follows) await follow(connector.id);
      return replaced;
    },
    async delete(connectorId) {
      const stored = await connectors.get(connectorId);
      const deleted = await connectors.delete(connectorId);
      if (hasSource(stored)) await follow(connectorId);
      return deleted;
    },
  };
}
