import fc from 'fast-check';
import { bodyOfBytes, type HttpRequest } from '../../core/connectors/http-request.ts';
import type { JsonObject } from '../../core/json/json-value.ts';
import { presets } from '../../signatures/presets.ts';
import { signatureHeaders } from '../../signatures/request-signature.ts';
import type { EventSample, TypeSamples } from '../type-samples.ts';

const signingSecret = 'whsec_0123456789abcdef';
const secrets = { current: null, previous: null, config: { signing_secret: signingSecret } };

/** The example from docs.stripe.com/api, "The Event object". */
const paid = {
  id: 'evt_1NG8Du2eZvKYlo2CUI79vXWy',
  object: 'event',
  api_version: '2019-02-19',
  created: 1_686_089_970,
  data: { object: { id: 'seti_1NG8Du2eZvKYlo2C9XMqbR0x', object: 'setup_intent' } },
  livemode: false,
  pending_webhooks: 0,
  request: { id: null, idempotency_key: null },
  type: 'setup_intent.created',
};

const thin = { ...paid, object: 'v2.core.event', created: '2024-09-17T06:20:52.246Z' };

function request(headers: Readonly<Record<string, string>>, body: string): HttpRequest {
  return { method: 'POST', headers, query: '', body: bodyOfBytes(Buffer.from(body)) };
}

function sample(title: string, config: JsonObject, payload: JsonObject): EventSample<HttpRequest> {
  const body = JSON.stringify(payload);
  const event = (now: number) =>
    request(signatureHeaders(presets.stripe.scheme, [signingSecret], { body, now }), body);
  return { title, mode: 'inbound', config, secrets, event, payload, authenticated: true };
}

/** The conformance suite loads these by folder name. @public */
export const samples: TypeSamples = {
  requests: [
    sample('an event', {}, paid),
    sample('an event of a chosen kind', { event_types: ['invoice.paid', 'setup_intent.*'] }, paid),
    sample('a thin event', {}, thin),
  ],
  anyRequest: fc
    .record({
      method: fc.constantFrom('POST', 'GET', 'PUT'),
      headers: fc.dictionary(fc.constantFrom('stripe-signature'), fc.string()),
      body: fc.oneof(fc.json(), fc.string()),
    })
    .map(({ method, headers, body }) => ({ ...request(headers, body), method })),
};
