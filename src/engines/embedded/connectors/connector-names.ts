import type { ConnectorNames } from '../../../core/ports/connector-names.ts';
import type { Database } from '../store/database.ts';

/** The writer handles claims one at a time. */
export function createConnectorNames(database: Database): ConnectorNames {
  return {
    claim: (name, connectorId, now) => database.write('claimConnectorName', name, connectorId, now),
    release: (name, connectorId) => database.write('releaseConnectorName', name, connectorId),
  };
}
