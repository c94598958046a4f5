import fc from 'fast-check';
import { bodyOfBytes, type HttpRequest } from '../../core/connectors/http-request.ts';
import type { JsonObject } from '../../core/json/json-value.ts';
import type { EventSample, TypeSamples } from '../type-samples.ts';

const secrets = { current: 'mcpsec_0123456789abcdef', previous: null, config: {} };

const accept = 'application/json, text/event-stream';

function request(headers: Readonly<Record<string, string>>, body: string): HttpRequest {
  return {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept, ...headers },
    query: '',
    body: bodyOfBytes(Buffer.from(body)),
  };
}

const call = {
  jsonrpc: '2.0',
  id: 1,
  method: 'tools/call',
  params: { name: 'greeter', arguments: { message: 'Say hello', payload: { to: 'Ada' } } },
} satisfies JsonObject;

function called(
  title: string,
  mode: 'inbound' | 'sync',
  headers: Readonly<Record<string, string>>,
): EventSample<HttpRequest> {
  return {
    title,
    mode,
    config: {},
    secrets,
    event: () => request(headers, JSON.stringify(call)),
    payload: { to: 'Ada', message: 'Say hello', _mcp: { tool: 'greeter' } },
    authenticated: true,
  };
}

const anyMessage = fc.oneof(
  fc.json(),
  fc.string(),
  fc
    .record({
      jsonrpc: fc.constant('2.0'),
      id: fc.oneof(fc.integer(), fc.string(), fc.constant(null)),
      method: fc.constantFrom('tools/call', 'tools/list', 'initialize', 'ping', 'notifications/cancelled'),
      params: fc.oneof(fc.jsonValue(), fc.constant({ name: 'greeter', arguments: { message: 'x' } })),
    })
    .map((message) => JSON.stringify(message)),
);

/** The conformance suite loads these by folder name. @public */
export const samples: TypeSamples = {
  requests: [
    called('a bearer token', 'sync', { authorization: `Bearer ${secrets.current}` }),
    called('the header of the product', 'inbound', { 'x-connic-secret': secrets.current }),
  ],
  anyRequest: fc
    .record({
      method: fc.constantFrom('POST', 'GET', 'DELETE', 'OPTIONS'),
      headers: fc.dictionary(
        fc.constantFrom(
          'x-connic-secret',
          'authorization',
          'origin',
          'mcp-protocol-version',
          'mcp-session-id',
        ),
        fc.string(),
      ),
      body: anyMessage,
    })
    .map(({ method, headers, body }) => ({ ...request(headers, body), method })),
};
