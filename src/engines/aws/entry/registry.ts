import { cronOnAws } from '../../../connectors/cron/on-aws.ts';
import { webhook } from '../../../connectors/webhook/webhook.ts';
import type { AnyConnectorType, ConnectorTypes } from '../../../core/connector-type.ts';

/**
 * The connector types of a deployment. Where AWS is narrower than the type itself, its form here says so before a
 * connector is made.
 */
export const deployedConnectorTypes: ConnectorTypes = new Map<string, AnyConnectorType>([
  [webhook.name, webhook],
  [cronOnAws.name, cronOnAws],
]);
