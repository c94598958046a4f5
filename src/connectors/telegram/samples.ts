import fc from 'fast-check';
import { bodyOfBytes, type HttpRequest } from '../../core/connectors/http-request.ts';
import type { JsonObject } from '../../core/json/json-value.ts';
import type { EventSample, TypeSamples } from '../type-samples.ts';
import type { TelegramMessage } from './prepare.ts';
import { secretHeader } from './receive.ts';
import { sampleUpdate } from './sample-request.ts';

const secret = 'a-secret-of-43-characters-0123456789abcdefg';
const secrets = { current: secret, previous: null, config: { bot_token: '123456:sample-token' } };

function request(headers: Readonly<Record<string, string>>, body: string): HttpRequest {
  return { method: 'POST', headers, query: '', body: bodyOfBytes(Buffer.from(body)) };
}

const sampleTime = 1_795_338_000;
const written = sampleUpdate('Hello', '1', sampleTime * 1_000);
const { message, update_id } = written;

const facts = {
  chat_id: message.chat.id,
  message: {
    message_id: 1,
    date: sampleTime,
    chat_id: message.chat.id,
    chat_type: 'private',
    from_id: message.from.id,
    from_username: null,
    from_first_name: 'Ada',
    from_last_name: null,
  },
};

function sample(title: string, sent: JsonObject, text: string): EventSample<HttpRequest> {
  return {
    title,
    mode: 'inbound',
    config: {},
    secrets,
    event: () => request({ [secretHeader]: secret }, JSON.stringify(sent)),
    payload: { update_id, text, ...facts, message: { ...facts.message, text }, raw: sent },
    authenticated: true,
  };
}

const { message: button, ...identity } = written;

/** The conformance suite loads these by folder name. @public */
export const samples: TypeSamples<never, TelegramMessage> = {
  requests: [
    sample('a message', written, 'Hello'),
    sample(
      'an edited message',
      { ...identity, edited_message: { ...button, edit_date: sampleTime + 5 } },
      'Hello',
    ),
    sample(
      'a click on a button',
      { ...identity, callback_query: { id: '7', from: button.from, data: 'yes', message: button } },
      'yes',
    ),
  ],
  anyRequest: fc
    .record({
      method: fc.constantFrom('POST', 'GET', 'PUT'),
      headers: fc.dictionary(fc.constantFrom(secretHeader), fc.oneof(fc.string(), fc.constant(secret))),
      body: fc.oneof(fc.json(), fc.string()),
    })
    .map(({ method, headers, body }) => ({ ...request(headers, body), method })),
  visible: ({ apiUrl, address, text }) => JSON.stringify([apiUrl, address, text]),
};
