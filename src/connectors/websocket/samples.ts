import fc from 'fast-check';
import { bodyOfBytes, type HttpRequest } from '../../core/connectors/http-request.ts';
import type { JsonObject } from '../../core/json/json-value.ts';
import { type ConnectionSample, sampleConnectionId, type TypeSamples } from '../type-samples.ts';

const secret = 'wssec_0123456789abcdef';

const message = '{"type":"message","id":"m1","payload":{"message":"Hello","order":9007199254740993}}';

function connection(
  title: string,
  {
    headers = {},
    query = '',
    messages = [message],
    config = {},
  }: Partial<HttpRequest> & {
    readonly messages?: readonly string[];
    readonly config?: JsonObject;
  },
): ConnectionSample {
  const isOpen = config['require_auth'] === false;
  return {
    title,
    mode: 'sync',
    config,
    secrets: { current: secret, previous: null, config: {} },
    handshake: { method: 'GET', headers, query, body: bodyOfBytes(new Uint8Array()) },
    messages,
    payload: {
      message: 'Hello',
      // As JavaScript holds it; the payload itself has the digits.
      order: 9007199254740992,
      _websocket: { connector_run_id: sampleConnectionId, message_number: 1, id: 'm1' },
    },
    authenticated: !isOpen,
  };
}

/** The conformance suite loads these by folder name. @public */
export const samples: TypeSamples = {
  connections: [
    connection('the secret in the first message', { messages: [JSON.stringify({ secret }), message] }),
    connection('the header of the product', { headers: { 'x-connic-secret': secret } }),
    connection('a bearer token', { headers: { authorization: `Bearer ${secret}` } }),
    connection('the secret in the URL', { query: `secret=${secret}` }),
    connection('no authentication', { config: { require_auth: false } }),
  ],
  anyMessage: fc.oneof(
    fc.string(),
    fc.json(),
    fc
      .record(
        {
          type: fc.constantFrom('message', 'ping', 'other', 7),
          id: fc.oneof(fc.string(), fc.integer(), fc.constant(null)),
          secret: fc.oneof(fc.string(), fc.constant(secret)),
          message: fc.jsonValue(),
          content: fc.jsonValue(),
          payload: fc.oneof(fc.jsonValue(), fc.record({ message: fc.string(), files: fc.jsonValue() })),
        },
        { requiredKeys: [] },
      )
      .map((sent) => JSON.stringify(sent)),
  ),
};
