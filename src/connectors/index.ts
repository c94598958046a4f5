import type { ConnectorTypes } from '../core/connectors/connector-type.ts';
import { typeLoaders } from './registry.ts';

/** Every connector type by its name. What needs one at a time uses `typeLoaders` instead. */
export async function loadConnectorTypes(): Promise<ConnectorTypes> {
  const types = await Promise.all(Object.values(typeLoaders).map((load) => load()));
  return new Map(types.map((type) => [type.name, type]));
}
