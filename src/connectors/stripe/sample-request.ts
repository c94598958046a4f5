import type { SampledRequest, SampleRequestContext } from '../../core/connectors/connector-type.ts';
import { presets } from '../../signatures/presets.ts';
import { signatureHeaders } from '../../signatures/request-signature.ts';

/** A signed request as Stripe sends it. A payload that is not a complete event becomes the object of one. */
export function sampleRequest({
  connector,
  url,
  secrets,
  content,
  id,
  now,
}: SampleRequestContext): SampledRequest {
  const secret = secrets.config['signing_secret'];
  if (secret === undefined) {
    return { outcome: 'not-made', reason: `The signing secret of "${connector.name}" is never shown.` };
  }
  const body = content.kind === 'body' ? content.bytes : eventText(content.json, id, now);
  const signature = signatureHeaders(presets.stripe.scheme, [secret], { body, now });
  const headers = { 'content-type': 'application/json', ...signature };
  return { outcome: 'made', request: { method: 'POST', url, headers, body }, isFixed: false };
}

function eventText(json: string, id: string, now: number): string {
  if (/"object"\s*:\s*"event"/.test(json)) return json;
  const facts = {
    id: `evt_${id.replaceAll('-', '')}`,
    object: 'event',
    type: 'test.event',
    created: Math.floor(now / 1_000),
    livemode: false,
  };
  // Preserves the digits of the payload's numbers.
  return `${JSON.stringify(facts).slice(0, -1)},"data":{"object":${json}}}`;
}
