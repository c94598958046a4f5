import type { Connector } from '../../../core/connectors/connector.ts';
import type { ConnectorTypes } from '../../../core/connectors/connector-type.ts';
import type { ConnectorStore } from '../../../core/ports/connector-store.ts';
import { sourceKindOf } from './source-kind.ts';

/** The same connectors; the source of each follows every change before the change is answered. */
export function followedConnectors(
  connectors: ConnectorStore,
  types: ConnectorTypes,
  follow: (connectorId: string) => Promise<void>,
): ConnectorStore {
  const followWhere = async (connector: Connector | null) => {
    if (connector !== null && sourceKindOf(types, connector) !== null) await follow(connector.id);
  };
  return {
    ...connectors,
    async create(connector) {
      await connectors.create(connector);
      await followWhere(connector);
    },
    async replace(connector) {
      const replaced = await connectors.replace(connector);
      if (replaced === 'replaced') await followWhere(connector);
      return replaced;
    },
    async delete(connectorId) {
      const stored = await connectors.get(connectorId);
      const deleted = await connectors.delete(connectorId);
      await followWhere(stored);
      return deleted;
    },
  };
}
