import { typeLoaders } from '../../../connectors/registry.ts';
import type { AnyConnectorType, ConnectorTypes } from '../../../core/connectors/connector-type.ts';
import type { ConnectorStore } from '../../../core/ports/connector-store.ts';
import { deployedType } from '../on-aws.ts';

/** The types of the connectors that a function has seen; the others are not loaded. */
export interface TypesByNeed {
  readonly types: ConnectorTypes;
  /** The same connectors; `get` loads the connector's type into `types`. */
  readonly loadedBy: (connectors: ConnectorStore) => ConnectorStore;
}

/**
 * For functions with a waiting caller: loads one type, however many there are. If the connector does not exist, the
 * first type stands in.
 */
export function typesByNeed(): TypesByNeed {
  const types = new Map<string, AnyConnectorType>();
  const loading = new Map<string, Promise<void>>();
  const [firstName = ''] = Object.keys(typeLoaders);

  const load = async (name: string) => {
    const loaded = await typeLoaders[name]?.();
    if (loaded === undefined) return;
    const known = new Map(types).set(name, deployedType(loaded, []));
    types.clear();
    // Keep the order of the registry, whatever the loading order.
    for (const [registered] of Object.entries(typeLoaders)) {
      const type = known.get(registered);
      if (type !== undefined) types.set(registered, type);
    }
  };
  const needed = (name: string) => {
    const begun = loading.get(name) ?? load(name);
    loading.set(name, begun);
    return begun;
  };

  return {
    types,
    loadedBy: (connectors) => ({
      ...connectors,
      async get(connectorId) {
        const connector = await connectors.get(connectorId);
        const name = connector?.type ?? firstName;
        if (!types.has(name)) await needed(name);
        return connector;
      },
    }),
  };
}
