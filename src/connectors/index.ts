import type { ConnectorTypes } from '../core/connectors/connector-type.ts';
import { typeLoaders } from './registry.ts';

const types = await Promise.all(Object.values(typeLoaders).map((load) => load()));

/** Every connector type by its name. Functions that need one at a time use `typeLoaders` instead. */
export const connectorTypes: ConnectorTypes = new Map(types.map((type) => [type.name, type]));
