import type { Connector } from '../../core/connectors/connector.ts';
import { connectorPath } from '../../core/connectors/connector-path.ts';
import type { ConnectorTypes } from '../../core/connectors/connector-type.ts';
import type { WireConnector } from '../contract/connector.ts';
import { toIso, toIsoOrNull } from './iso-time.ts';

/**
 * A connector as operators see it, without its secrets.
 *
 * @param baseUrl where the product is reached from outside, without a trailing slash
 */
export function connectorToWire(connector: Connector, types: ConnectorTypes, baseUrl: string): WireConnector {
  const path = connectorPath(types, connector);
  return {
    id: connector.id,
    name: connector.name,
    type: connector.type,
    mode: connector.mode,
    config: connector.config,
    secret_fields: [...connector.secretFields],
    agents: [...connector.agents],
    enabled: connector.enabled,
    disabled_reason: connector.disabledReason,
    failing_since: toIsoOrNull(connector.failingSince),
    url: path === null ? null : `${baseUrl}${path}`,
    created_at: toIso(connector.createdAt),
    updated_at: toIso(connector.updatedAt),
  };
}
