import type { Connector } from './connector.ts';
import type { ConnectorTypes } from './connector-type.ts';
import { wayOf } from './way-of.ts';

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
