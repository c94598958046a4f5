import type { Connector } from './connector.ts';
import type { ConnectorTypes } from './connector-type.ts';
import { wayOf } from './way-of.ts';

/** Below the product's base URL, where connectors are called: whatever their type, so that nobody learns it from the URL. */
export const connectorPrefix = '/webhooks/';

/** The path at which a connector is called; `null` where it is not called. */
export function connectorPath(types: ConnectorTypes, connector: Connector): string | null {
  const way = wayOf(types, connector, 'request');
  return way === undefined ? null : `${connectorPrefix}${connector.id}${way.suffix}`;
}
