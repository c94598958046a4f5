import type { Connector } from '../connectors/connector.ts';
import type { RequestWay } from '../connectors/ways.ts';
import { type Arrival, type ArrivedRequest, arrivalOf } from './arrival.ts';

/** Describes a request to a connector, without what the connector's type treats as a credential. */
export function arrivalAt(
  request: ArrivedRequest,
  way: RequestWay | undefined,
  connector: Connector,
): Arrival {
  return arrivalOf(request, (name, value) => way?.isCredential?.(name, value, connector) ?? false);
}
