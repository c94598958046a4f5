import type { WireConnector } from '../../src/api/contract/connector.ts';

/** One word for how a connector does: `disabled`, `failing` (nothing delivered since), or `enabled`. */
export function connectorStatus({
  enabled,
  failing_since,
}: Pick<WireConnector, 'enabled' | 'failing_since'>): 'enabled' | 'disabled' | 'failing' {
  if (!enabled) return 'disabled';
  return failing_since === null ? 'enabled' : 'failing';
}
