import { isJsonObject, type JsonValue } from '../json/json-value.ts';
import type { AgentCatalog } from '../ports/agent-catalog.ts';
import type { EngineSettings } from '../ports/engine.ts';
import type { Connector } from './connector.ts';
import { wayOf } from './connector-config.ts';
import type { ConnectorTypes, SampleRequest } from './connector-type.ts';

/** Path prefix of every connector, below the product's base URL. It does not reveal the type. */
export const connectorPrefix = '/webhooks/';

/** The parameter that names a connector, and the suffix of its way, where a platform has no paths for connections. */
export const connectorParameter = 'connector';

/**
 * The URL for requests to a connector, or for connections to it (`wss:`); `null` if it is not called.
 *
 * @param baseUrl where the product is reached from outside, without a trailing slash
 * @param socketUrl where connections are opened, if not at `baseUrl`: the connector is then named in the query
 */
export function connectorUrl(
  types: ConnectorTypes,
  connector: Connector,
  baseUrl: string,
  socketUrl?: string,
): string | null {
  const request = wayOf(types, connector, 'request');
  if (request !== undefined) return `${baseUrl}${connectorPrefix}${connector.id}${request.suffix}`;
  const socket = wayOf(types, connector, 'socket');
  if (socket === undefined) return null;
  if (socketUrl !== undefined) return `${socketUrl}?${connectorParameter}=${connector.id}${socket.suffix}`;
  return `${baseUrl.replace(/^http/, 'ws')}${connectorPrefix}${connector.id}${socket.suffix}`;
}

/** Stands for a secret, which a shell fills in from its environment. */
export const secretPlaceholder = '$SECRET';

/**
 * A request that calls a connector and can be sent repeatedly.
 *
 * @param where the product is reached from outside: see `connectorUrl`
 * @param payload JSON text
 * @returns the request, with `secretPlaceholder` for the connector's secret; `null` if the connector is not called, or
 *   if each request needs its own signature
 * @throws ZodError if the configuration is not valid
 */
export function sampleCall(
  types: ConnectorTypes,
  connector: Connector,
  { baseUrl, socketUrl }: Pick<EngineSettings, 'baseUrl'> & { readonly socketUrl?: string | undefined },
  payload: string,
): SampleRequest | null {
  const url = connectorUrl(types, connector, baseUrl, socketUrl);
  if (url === null) return null;
  const sampled = types.get(connector.type)?.modes[connector.mode]?.sampleRequest?.({
    connector,
    url,
    secrets: { current: secretPlaceholder, config: {} },
    content: { kind: 'payload', json: payload },
    id: '',
    now: 0,
  });
  return sampled?.outcome === 'made' && sampled.isFixed ? sampled.request : null;
}

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
