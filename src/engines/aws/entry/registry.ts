import { webhook } from '../../../connectors/webhook/webhook.ts';
import type { AnyConnectorType, ConnectorTypes } from '../../../core/connector-type.ts';

/**
 * The connector types of a deployment: those that are called from outside. A type whose events have to be fetched or
 * scheduled needs an event source in the account, and is refused by name until it has one.
 */
export const deployedConnectorTypes: ConnectorTypes = new Map<string, AnyConnectorType>([
  [webhook.name, webhook],
]);
