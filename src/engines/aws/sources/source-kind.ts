import type { Connector } from '../../../core/connectors/connector.ts';
import type { ConnectorTypes } from '../../../core/connectors/connector-type.ts';

/** What in the account brings a connector its events: schedules that fire, or a stream that is read. */
export type SourceKind = 'schedule' | 'stream';

/** `null` for a connector that is called from outside, or delivers. */
export function sourceKindOf(types: ConnectorTypes, connector: Connector): SourceKind | null {
  if (connector.mode !== 'inbound') return null;
  const type = types.get(connector.type);
  if (type?.schedule !== undefined) return 'schedule';
  return type?.listen === undefined ? null : 'stream';
}
