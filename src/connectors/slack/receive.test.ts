import { describe, expect, test } from '@jest/globals';
import { isValidSlackRequest } from '@slack/bolt';
import fc from 'fast-check';
import { sampleConnector, sampleNow, sampleReceiveContext } from '../../../test/connectors/sample-records.ts';
import { bodyOfBytes } from '../../core/connectors/http-request.ts';
import type { JsonObject } from '../../core/json/json-value.ts';
import { presets } from '../../signatures/presets.ts';
import { signatureHeaders } from '../../signatures/request-signature.ts';
import { callbackEvent } from './callback-event.ts';
import { inboundConfig } from './config.ts';
import { interactionEvent } from './interaction-event.ts';
import { receive } from './receive.ts';
import { mention } from './sample-request.ts';

const signingSecret = 'a signing secret';

async function received(
  body: string,
  {
    secret = signingSecret,
    config = {},
    headers = {},
    signedAt = sampleNow,
  }: {
    secret?: string | null;
    config?: JsonObject;
    headers?: Record<string, string>;
    signedAt?: number;
  } = {},
) {
  const secrets = {
    current: null,
    previous: null,
    config: secret === null ? {} : { signing_secret: secret },
  };
  const connector = sampleConnector('slack', 'inbound', inboundConfig.parse(config), secrets);
  const signature = signatureHeaders(presets.slack.scheme, [signingSecret], { body, now: signedAt });
  const request = {
    method: 'POST',
    query: '',
    headers: { 'content-type': 'application/json', ...signature, ...headers },
    body: bodyOfBytes(Buffer.from(body)),
  };
  return receive(request, sampleReceiveContext(connector, secrets));
}

const event = (change: JsonObject, outer: JsonObject = {}) => {
  const whole = mention('hi', '1', sampleNow);
  return JSON.stringify({ ...whole, ...outer, event: { ...whole.event, ...change } });
};
const payloadOf = (outcome: Awaited<ReturnType<typeof received>>) =>
  outcome.outcome === 'accepted' ? outcome.payload.value : outcome;

test("Slack's own SDK takes requests that are signed as in these tests", () => {
  // The SDK uses the machine's clock.
  const now = Date.now();
  const body = event({});
  const signed = signatureHeaders(presets.slack.scheme, [signingSecret], { body, now });
  const headers = {
    'x-slack-signature': signed['x-slack-signature'] ?? '',
    'x-slack-request-timestamp': Number(signed['x-slack-request-timestamp']),
  };
  expect(isValidSlackRequest({ signingSecret, body, headers })).toBe(true);
});

describe('a request of Slack', () => {
  const challenge = JSON.stringify({
    type: 'url_verification',
    token: 't',
    challenge: '3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P',
  });

  test('that verifies the URL is answered, also before the connector knows the signing secret', async () => {
    const answered = {
      outcome: 'answered',
      answer: { status: 200, body: '3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P' },
    };
    expect(await received(challenge)).toMatchObject(answered);
    expect(await received(challenge, { secret: null })).toMatchObject(answered);
  });

  test.each([
    ['a wrong signing secret', { secret: 'another' }],
    ['no signing secret yet', { secret: null }],
    ['a signature of 10 minutes ago', { signedAt: sampleNow - 600_000 }],
    ['no signature', { headers: { 'x-slack-signature': '' } }],
  ])('starts nothing with %s', async (_title, options) => {
    expect(await received(event({}), options)).toMatchObject({ outcome: 'refused', reason: 'unauthorized' });
  });

  test.each([
    ['[]', 'The body is not a request that Slack sends.'],
    ['{"type":"event_callback"}', 'The body is not a complete Slack event.'],
  ])('is refused with the body %s', async (body, detail) => {
    expect(await received(body)).toMatchObject({ outcome: 'refused', reason: 'malformed', detail });
  });
});

describe('an event', () => {
  test('loses only the leading mention of the bot', async () => {
    const text = '<@U0000000BOT>  tell <@U0000000BOT> about a &lt; b';
    expect(payloadOf(await received(event({ text })))).toMatchObject({
      text: 'tell <@U0000000BOT> about a &lt; b',
    });
    const other = { text: '<@U0000000002> hi', type: 'message', channel_type: 'channel' };
    expect(
      payloadOf(await received(event(other), { config: { events: ['message.channels'] } })),
    ).toMatchObject({ text: '<@U0000000002> hi' });
  });

  test('knows its bot where a person has also installed the app', async () => {
    const bot = { team_id: 'T0000000001', user_id: 'U0000000BOT', is_bot: true };
    const authorizations = [{ ...bot, user_id: 'U0000000003', is_bot: false }, bot];
    expect(payloadOf(await received(event({ text: '<@U0000000BOT> hi' }, { authorizations })))).toMatchObject(
      { text: 'hi' },
    );
    const own = { type: 'message', channel_type: 'channel', user: 'U0000000BOT' };
    expect(
      await received(event(own, { authorizations }), { config: { events: ['message.channels'] } }),
    ).toMatchObject({ outcome: 'answered' });
  });

  test('has its id as its identity, whatever attempt of Slack brings it', async () => {
    const headers = { 'x-slack-retry-num': '1', 'x-slack-retry-reason': 'http_timeout' };
    for (const attempt of [await received(event({})), await received(event({}), { headers })]) {
      expect(attempt).toMatchObject({ natural: { key: 'Ev1', timeMs: sampleNow } });
    }
  });

  test('in a thread is answered in the thread; in a direct message, beside it', async () => {
    const config = { events: ['app_mention', 'message.im'] };
    const secrets = { config, headers: {} };
    expect(payloadOf(await received(event({ thread_ts: '1.5' }), secrets))).toMatchObject({
      thread_ts: '1.5',
    });
    const direct = event({ type: 'message', channel_type: 'im', channel: 'D01' });
    expect(payloadOf(await received(direct, secrets))).toMatchObject({ channel_id: 'D01', text: 'hi' });
    const read = callbackEvent(JSON.parse(direct), ['message.im']);
    expect(read).toMatchObject({ event: { replyTo: { channel_id: 'D01', thread_ts: null } } });
  });

  test('of a reaction has the message that it is about', async () => {
    const change = {
      type: 'reaction_added',
      reaction: 'eyes',
      text: null,
      ts: null,
      channel: null,
      item: { type: 'message', channel: 'C9', ts: '7.1' },
    };
    expect(
      payloadOf(await received(event(change), { config: { events: ['reaction_added'] } })),
    ).toMatchObject({
      text: 'eyes',
      channel_id: 'C9',
      thread_ts: '7.1',
      user_id: 'U0000000001',
    });
  });

  test.each<[string, JsonObject, RegExp]>([
    ['of another kind', { type: 'message', channel_type: 'im' }, /"message.im" are not among/],
    ["of the bot's own user", { user: 'U0000000BOT' }, /its own messages/],
    ['of the app itself', { bot_id: 'B1', app_id: 'A0000000001' }, /its own messages/],
    ['of a bot of which Slack does not say the app', { bot_id: 'B1' }, /its own messages/],
    [
      'that an edit makes',
      { type: 'message', channel_type: 'channel', subtype: 'message_changed' },
      /subtype "message_changed"/,
    ],
    [
      'that also arrives as a mention',
      { type: 'message', channel_type: 'channel' },
      /also arrives as an app_mention/,
    ],
  ])('%s is acknowledged and starts nothing', async (_title, change, reason) => {
    const config = { events: ['app_mention', 'message.channels'] };
    expect(await received(event(change), { config })).toMatchObject({
      outcome: 'answered',
      answer: null,
      reason: expect.stringMatching(reason),
    });
  });

  test('of another bot starts runs', async () => {
    expect(await received(event({ bot_id: 'B1', app_id: 'A0000000009' }))).toMatchObject({
      outcome: 'accepted',
    });
  });

  test('of any form never throws', () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.constantFrom('type', 'event', 'event_id', 'event_time', 'authorizations', 'actions'),
          fc.jsonValue(),
        ),
        (body) => {
          const anyBody = JSON.parse(JSON.stringify(body));
          for (const read of [
            callbackEvent(anyBody, ['app_mention']),
            interactionEvent(anyBody, ['block_actions'], 0),
          ]) {
            expect(['read', 'answered', 'refused']).toContain(read.outcome);
          }
        },
      ),
    );
  });
});
