import fc from 'fast-check';
import { bodyOfBytes, type HttpRequest } from '../../core/connectors/http-request.ts';
import type { JsonObject } from '../../core/json/json-value.ts';
import { presets } from '../../signatures/presets.ts';
import { signatureHeaders } from '../../signatures/request-signature.ts';
import type { EventSample, TypeSamples } from '../type-samples.ts';
import type { SlackMessage } from './prepare.ts';
import { mention } from './sample-request.ts';

const signingSecret = '8f742231b10e8888abcd99yyyzzz85a5';
const secrets = { current: null, previous: null, config: { signing_secret: signingSecret } };

function request(headers: Readonly<Record<string, string>>, body: string): HttpRequest {
  return { method: 'POST', headers, query: '', body: bodyOfBytes(Buffer.from(body)) };
}

/** A signed request from Slack. @param now Unix ms */
function signed(contentType: string, body: string, now: number): HttpRequest {
  const signature = signatureHeaders(presets.slack.scheme, [signingSecret], { body, now });
  return request({ 'content-type': contentType, ...signature }, body);
}

function sample(
  title: string,
  config: JsonObject,
  event: EventSample<HttpRequest>['event'],
  payload: JsonObject,
): EventSample<HttpRequest> {
  return { title, mode: 'inbound', config, secrets, event, payload, authenticated: true };
}

const form = 'application/x-www-form-urlencoded';
const sampleTime = 1_795_338_000;

const command = {
  command: '/agent',
  text: 'What is new?',
  user_id: 'U0000000001',
  team_id: 'T0000000001',
  channel_id: 'C0000000001',
  trigger_id: '1.2.abc',
};

const click = {
  type: 'block_actions',
  trigger_id: '1.2.def',
  user: { id: 'U0000000001' },
  team: { id: 'T0000000001' },
  channel: { id: 'C0000000001' },
  container: { type: 'message', message_ts: '1795338000.000100' },
  actions: [{ action_id: 'approve', value: 'order-1042', type: 'button' }],
};

const facts = { user_id: 'U0000000001', team_id: 'T0000000001', channel_id: 'C0000000001' };

/** The conformance suite loads these by folder name. @public */
export const samples: TypeSamples<never, SlackMessage> = {
  requests: [
    sample(
      'an event',
      {},
      (now) => signed('application/json', JSON.stringify(mention('Hello', '1', sampleTime * 1_000)), now),
      {
        text: 'Hello',
        ...facts,
        thread_ts: `${sampleTime}.000100`,
        event_id: 'Ev1',
        _slack: mention('Hello', '1', sampleTime * 1_000).event,
      },
    ),
    sample(
      'a slash command',
      { events: ['slash_commands'] },
      (now) => signed(form, new URLSearchParams({ ...command, token: 'verification' }).toString(), now),
      { text: command.text, ...facts, thread_ts: null, event_id: command.trigger_id, _slack: command },
    ),
    sample(
      'a click on a button',
      { events: ['block_actions'] },
      (now) => signed(form, new URLSearchParams({ payload: JSON.stringify(click) }).toString(), now),
      {
        text: 'order-1042',
        ...facts,
        thread_ts: '1795338000.000100',
        event_id: click.trigger_id,
        _slack: click,
      },
    ),
  ],
  anyRequest: fc
    .record({
      method: fc.constantFrom('POST', 'GET', 'PUT'),
      headers: fc.dictionary(
        fc.constantFrom('x-slack-signature', 'x-slack-request-timestamp', 'content-type'),
        fc.oneof(fc.string(), fc.constantFrom('application/json', form)),
      ),
      body: fc.oneof(
        fc.json(),
        fc.string(),
        fc.json().map((text) => `{"type":"url_verification","challenge":${text}}`),
      ),
    })
    .map(({ method, headers, body }) => ({ ...request(headers, body), method })),
  visible: ({ apiUrl, address, text }) => JSON.stringify([apiUrl, address, text]),
};
