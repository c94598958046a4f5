import type { SampledRequest, SampleRequestContext } from '../../core/connectors/connector-type.ts';
import { toolName } from './tools.ts';

/** A call of the first linked agent's tool; without an agent, a request to list the tools. */
export function sampleRequest({ connector, url, secrets, content }: SampleRequestContext): SampledRequest {
  if (secrets.current === null) return { outcome: 'secret-needed' };
  const headers = {
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    authorization: `Bearer ${secrets.current}`,
  };
  const [agent] = connector.agents;
  const body = content.kind === 'body' ? content.bytes : messageText(agent, content.json);
  return { outcome: 'made', request: { method: 'POST', url, headers, body }, isFixed: true };
}

function messageText(agent: string | undefined, json: string): string {
  if (agent === undefined) return '{"jsonrpc":"2.0","id":1,"method":"tools/list"}';
  const name = JSON.stringify(toolName({ name: agent }));
  return `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":${name},"arguments":${argumentsOf(json)}}}`;
}

/** Preserves the digits of the payload's numbers. */
function argumentsOf(json: string): string {
  const value: unknown = JSON.parse(json);
  if (typeof value === 'string') return `{"message":${json}}`;
  const payload = json.trimStart().startsWith('{') ? json : `{"data":${json}}`;
  return `{"message":"","payload":${payload}}`;
}
