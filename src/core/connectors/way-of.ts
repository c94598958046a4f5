import type { Connector } from './connector.ts';
import type { ConnectorTypes } from './connector-type.ts';
import type { Way, Ways } from './ways.ts';

/** How a connector gets its events in this way; `undefined` if its type, mode or configuration does not use the way. */
export function wayOf<Name extends Way>(
  types: ConnectorTypes,
  { type, mode, config }: Pick<Connector, 'type' | 'mode' | 'config'>,
  name: Name,
): Ways<unknown>[Name] | undefined {
  const way: Ways<unknown>[Name] | undefined = types.get(type)?.modes[mode]?.ways[name];
  return way?.serves?.(config) === false ? undefined : way;
}
