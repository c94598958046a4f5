import { loadConnectorTypes } from '../../../connectors/index.ts';
import type { ConnectorTypes } from '../../../core/connectors/connector-type.ts';
import { deployedTypes } from '../on-aws.ts';
import { deployedWays } from './function-environment.ts';

/**
 * The connector types of a deployment. A type that AWS supports only in part shows that here, before a connector is
 * created.
 */
export const deployedConnectorTypes: ConnectorTypes = deployedTypes(await loadConnectorTypes(), deployedWays);
