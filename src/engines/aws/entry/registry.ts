import { connectorTypes } from '../../../connectors/index.ts';
import type { ConnectorTypes } from '../../../core/connectors/connector-type.ts';
import { deployedTypes } from '../on-aws.ts';
import { deployedWays } from './deployed-ways.ts';

/**
 * The connector types of a deployment. Where AWS is narrower than a type itself, its form here says so before a connector
 * is made.
 */
export const deployedConnectorTypes: ConnectorTypes = deployedTypes(connectorTypes, deployedWays);
