import type { EngineSettings } from '../ports/engine.ts';
import type { Connector } from './connector.ts';
import { connectorUrl } from './connector-path.ts';
import type { ConnectorTypes, SampleRequest } from './connector-type.ts';

/** Stands for a secret, which a shell fills in from its environment. */
export const secretPlaceholder = '$SECRET';

/**
 * A request that calls a connector and can be sent repeatedly.
 *
 * @param where the product is reached from outside: see `connectorUrl`
 * @param payload JSON text
 * @returns the request, with `secretPlaceholder` for the connector's secret; `null` if the connector is not called, or
 *   if each request needs its own signature
 * @throws ZodError if the configuration is not valid
 */
export function sampleCall(
  types: ConnectorTypes,
  connector: Connector,
  { baseUrl, socketUrl }: Pick<EngineSettings, 'baseUrl'> & { readonly socketUrl?: string | undefined },
  payload: string,
): SampleRequest | null {
  const url = connectorUrl(types, connector, baseUrl, socketUrl);
  if (url === null) return null;
  const sampled = types.get(connector.type)?.modes[connector.mode]?.sampleRequest?.({
    connector,
    url,
    secrets: { current: secretPlaceholder, config: {} },
    content: { kind: 'payload', json: payload },
    id: '',
    now: 0,
  });
  return sampled?.outcome === 'made' && sampled.isFixed ? sampled.request : null;
}
