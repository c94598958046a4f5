import type { WireConnector } from '../../src/api/contract/connector.ts';
import type { WireModeDescription } from '../../src/api/contract/connector-type.ts';

/** Whether a connector has a URL or a secret, which callers or receivers need. */
export function hasCredentials(
  { url }: Pick<WireConnector, 'url'>,
  mode: Pick<WireModeDescription, 'has_secret'>,
): boolean {
  return url !== null || mode.has_secret;
}
