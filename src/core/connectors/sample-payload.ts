import { isJsonObject, type JsonValue } from '../json/json-value.ts';
import type { AgentCatalog } from '../ports/agent-catalog.ts';
import type { Connector } from './connector.ts';
import type { ConnectorTypes } from './connector-type.ts';

/** What a connector without agents is tried with. */
const message: JsonValue = { message: 'Hello' };

/**
 * A payload that every agent of a connector can read: the fields of all their samples, those of the first agent before
 * the others'.
 *
 * @returns `null` where nothing is sent to the connector
 */
export function samplePayload(types: ConnectorTypes, agents: AgentCatalog, connector: Connector): JsonValue {
  if (types.get(connector.type)?.modes[connector.mode]?.sampleRequest === undefined) return null;
  const samples = connector.agents.map((name) => agents.get(name)?.samplePayload ?? message);
  const [first = message] = samples;
  if (!isJsonObject(first)) return first;
  return { ...first, ...Object.assign({}, ...samples.filter(isJsonObject).reverse()) };
}
