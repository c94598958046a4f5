import fc from 'fast-check';
import { bodyOfBytes, type HttpRequest } from '../../core/connectors/http-request.ts';
import type { JsonObject } from '../../core/json/json-value.ts';
import { presets } from '../../signatures/presets.ts';
import type { EventSample, TypeSamples } from '../type-samples.ts';
import type { Channel } from './account-fields.ts';
import type { TwilioMessage } from './prepare.ts';
import { sampleMessage, signedHeaders } from './sample-request.ts';

const url = 'https://agents.example.com/webhooks/7c9e6679-7425-40de-944b-e07fc1f90ae7';
const authToken = '12345678901234567890123456789012';
const secrets = { current: null, previous: null, config: { auth_token: authToken } };
const account = { account_sid: `AC${'0123456789abcdef'.repeat(2)}` };

function request(headers: Readonly<Record<string, string>>, body: string): HttpRequest {
  return { method: 'POST', url, headers, query: '', body: bodyOfBytes(Buffer.from(body)) };
}

function sample(title: string, channel: Channel, config: JsonObject): EventSample<HttpRequest> {
  const parameters = sampleMessage('Hello & welcome', '1', channel);
  const body = new URLSearchParams(parameters).toString();
  return {
    title,
    mode: 'inbound',
    config: { ...account, channel, region: 'us1', ...config },
    secrets,
    event: () => request(signedHeaders(url, body, authToken), body),
    payload: {
      text: 'Hello & welcome',
      from: '+15557654321',
      to: '+15551234567',
      channel,
      message_sid: 'SM1',
      conversation_id: `${channel}:+15551234567:+15557654321`,
      files: [],
      _twilio: parameters,
    },
    authenticated: true,
  };
}

/** The conformance suite loads these by folder name. @public */
export const samples: TypeSamples<never, TwilioMessage> = {
  requests: [
    sample('a text message', 'sms', {}),
    sample('a WhatsApp message to one sender', 'whatsapp', { sender: '+15551234567' }),
    sample('an RCS message', 'rcs', {}),
  ],
  anyRequest: fc
    .record({
      method: fc.constantFrom('POST', 'GET', 'PUT'),
      headers: fc.dictionary(fc.constantFrom(presets.twilio.scheme.header), fc.string()),
      body: fc.oneof(
        fc.json(),
        fc.string(),
        fc.string().map((text) => `MessageSid=SM1&From=${text}&To=1`),
      ),
    })
    .map(({ method, headers, body }) => ({ ...request(headers, body), method })),
  visible: ({ apiUrl, parameters, text }) => JSON.stringify([apiUrl, parameters, text]),
};
