import type { WireSampleRequest } from '../../src/api/contract/connector.ts';
import type { ShownSecret } from './use-secret.ts';

/** What the page needs to call a connector. */
export interface SampledCall {
  readonly connectorId: string;
  readonly sample: WireSampleRequest;
  readonly secret: ShownSecret;
}
