import type { Connector } from './connector.ts';
import type { ConnectorTypes } from './connector-type.ts';
import { wayOf } from './way-of.ts';

/** Path prefix of every connector, below the product's base URL. It does not reveal the type. */
export const connectorPrefix = '/webhooks/';

/**
 * The URL for requests to a connector, or for connections to it (`wss:`); `null` if it is not called.
 *
 * @param baseUrl where the product is reached from outside, without a trailing slash
 */
export function connectorUrl(types: ConnectorTypes, connector: Connector, baseUrl: string): string | null {
  const request = wayOf(types, connector, 'request');
  if (request !== undefined) return `${baseUrl}${connectorPrefix}${connector.id}${request.suffix}`;
  const socket = wayOf(types, connector, 'socket');
  if (socket === undefined) return null;
  return `${baseUrl.replace(/^http/, 'ws')}${connectorPrefix}${connector.id}${socket.suffix}`;
}
