import type { SampledRequest, SampleRequestContext } from '../core/connectors/connector-type.ts';

/**
 * A sample request in JSON that the connector's own secret authenticates.
 *
 * @param header of the secret
 * @param bodyOf the body for a payload; a given body is sent as it is
 */
export function sampleWithSecret(
  { url, secrets, content }: SampleRequestContext,
  header: string,
  bodyOf: (json: string) => string,
): SampledRequest {
  if (secrets.current === null) return { outcome: 'secret-needed' };
  const headers = { 'content-type': 'application/json', [header]: secrets.current };
  const isFixed = content.kind === 'body';
  const body = content.kind === 'body' ? content.bytes : bodyOf(content.json);
  return { outcome: 'made', request: { method: 'POST', url, headers, body }, isFixed };
}
