import type { WireConnector } from '../../src/api/contract/connector.ts';
import type { WireModeDescription } from '../../src/api/contract/connector-type.ts';

/** Whether a connector has anything that callers or receivers need to know: a URL, or a secret. */
export function hasCredentials(
  { url }: Pick<WireConnector, 'url'>,
  mode: Pick<WireModeDescription, 'has_secret'>,
): boolean {
  return url !== null || mode.has_secret;
}
