import { isJsonObject, type JsonValue } from '../json/json-value.ts';
import type { AgentCatalog } from '../ports/agent-catalog.ts';
import type { Connector } from './connector.ts';
import type { ConnectorTypes } from './connector-type.ts';

/** The sample for connectors without agents. */
const message: JsonValue = { message: 'Hello' };

/**
 * A payload that every agent of a connector can read: the fields of all their samples; those of earlier agents override
 * those of later ones.
 *
 * @returns `null` if nothing is sent to the connector
 */
export function samplePayload(types: ConnectorTypes, agents: AgentCatalog, connector: Connector): JsonValue {
  if (types.get(connector.type)?.modes[connector.mode]?.sampleRequest === undefined) return null;
  const samples = connector.agents.map((name) => agents.get(name)?.samplePayload ?? message);
  const [first = message] = samples;
  if (!isJsonObject(first)) return first;
  return { ...first, ...Object.assign({}, ...samples.filter(isJsonObject).reverse()) };
}
