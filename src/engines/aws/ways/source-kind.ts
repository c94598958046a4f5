import type { Connector } from '../../../core/connectors/connector.ts';
import type { ConnectorTypes } from '../../../core/connectors/connector-type.ts';
import { wayOf } from '../../../core/connectors/way-of.ts';

/** What in the account brings a connector its events: schedules that fire, or a stream that is read. */
export type SourceKind = 'schedule' | 'stream';

/** `null` for a connector that is called from outside, or delivers. */
export function sourceKindOf(types: ConnectorTypes, connector: Connector): SourceKind | null {
  if (wayOf(types, connector, 'schedule') !== undefined) return 'schedule';
  return wayOf(types, connector, 'mapping') === undefined ? null : 'stream';
}
