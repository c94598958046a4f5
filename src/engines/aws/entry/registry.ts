import { connectorTypes } from '../../../connectors/index.ts';
import type { ConnectorTypes } from '../../../core/connectors/connector-type.ts';
import { deployedTypes } from '../on-aws.ts';

/**
 * The connector types of a deployment. Where AWS is narrower than a type itself, its form here says so before a connector
 * is made. A type has what the stack makes for it alone where the stack tells its functions of it.
 */
export const deployedConnectorTypes: ConnectorTypes = deployedTypes(connectorTypes, (name) =>
  process.env[`${name.toUpperCase()}_FUNCTION_ARN`] === undefined ? [] : ['mapping'],
);
