import type { Connector } from './connector.ts';
import type { ConnectorTypes } from './connector-type.ts';
import { wayOf } from './way-of.ts';

/** Below the product's base URL, where connectors are called: whatever their type, so that nobody learns it from the URL. */
export const connectorPrefix = '/webhooks/';

/**
 * Where a connector is called by requests, or to connect to it (`wss:`); `null` where it is not called.
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
