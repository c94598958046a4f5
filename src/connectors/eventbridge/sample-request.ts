import type { SampledRequest, SampleRequestContext } from '../../core/connectors/connector-type.ts';

/** A request as an API destination sends it. A payload that is not a complete event becomes the detail of one. */
export function sampleRequest({ url, secrets, content, id, now }: SampleRequestContext): SampledRequest {
  if (secrets.current === null) return { outcome: 'secret-needed' };
  const headers = { 'content-type': 'application/json', 'x-connic-secret': secrets.current };
  const body = content.kind === 'body' ? content.bytes : eventText(content.json, id, now);
  return {
    outcome: 'made',
    request: { method: 'POST', url, headers, body },
    isFixed: content.kind === 'body',
  };
}

function eventText(json: string, id: string, now: number): string {
  if (/"detail-type"\s*:/.test(json)) return json;
  const facts = {
    version: '0',
    id,
    'detail-type': 'Test',
    source: 'agent-connectors',
    account: '123456789012',
    time: new Date(now).toISOString(),
    region: 'us-east-1',
    resources: [],
  };
  // Preserves the digits of the payload's numbers.
  const detail = json.trimStart().startsWith('{') ? json : `{"message":${json}}`;
  return `${JSON.stringify(facts).slice(0, -1)},"detail":${detail}}`;
}
