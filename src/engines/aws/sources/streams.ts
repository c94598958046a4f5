import type { Connector } from '../../../core/connector.ts';
import type { SourceState } from '../../../core/ports/connector-sources.ts';
import type { SourceMark } from './source-marks.ts';

/** The streams that are read for connectors. */
export interface Streams {
  /** Has a connector's stream read, changes that, or ends it, so that it is as its record says. */
  follow(connectorId: string, connector: Connector | null): Promise<void>;
  state(connector: Connector, mark: SourceMark | null): Promise<SourceState>;
}
