import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { afterAll, describe, expect, test } from '@jest/globals';
import Stripe from 'stripe';
import twilio from 'twilio';
import * as z from 'zod';
import type { Receiver } from '../receivers/recording-receiver.ts';
import { eventually } from './eventually.ts';
import { sendRaw } from './sender.ts';
import { useTarget } from './target.ts';
import * as wire from './wire.ts';

const target = useTarget();
const { operator } = target;

const created = wire.connector.extend({ secret: z.string().nullable(), url: z.url().nullable() });
const ids: string[] = [];

/** Makes a connector, also of a type without a secret of its own. */
async function create(type: string, mode: 'inbound' | 'outbound', config: Record<string, unknown>) {
  const draft = { name: `scenario ${type} ${mode}`, type, mode, agents: ['echo'], config };
  const answer = await operator.call('POST', '/connectors', draft);
  if (answer.status !== 201) throw new Error(answer.text);
  const connector = created.parse(answer.json);
  ids.push(connector.id);
  return connector;
}

// Where the system goes with the scenario, it is gone by now.
afterAll(() => Promise.allSettled(ids.map((id) => operator.delete(id))));

/** The run of a connector, once there is one. */
const runOf = ({ id }: { readonly id: string }) =>
  eventually('the run', async () => {
    const [found] = (await operator.runs(`connector=${id}`)).items;
    return found !== undefined && operator.run(found.run_id);
  });

describe('an event of Slack', () => {
  const signingSecret = '8f742231b10e8888abcd99yyyzzz85a5';
  const post = (body: string) => {
    const time = String(Math.floor(Date.now() / 1_000));
    const signature = createHmac('sha256', signingSecret).update(`v0:${time}:${body}`).digest('hex');
    const headers = {
      'content-type': 'application/json',
      'x-slack-request-timestamp': time,
      'x-slack-signature': `v0=${signature}`,
    };
    return { headers, body };
  };

  test('verifies the URL, starts runs, and is answered with nothing', async () => {
    const connector = await create('slack', 'inbound', { signing_secret: signingSecret });
    const challenge = await sendRaw(connector, post('{"type":"url_verification","challenge":"c-1"}'));
    expect(challenge).toMatchObject({ status: 200, text: 'c-1' });
    const body = JSON.stringify({
      type: 'event_callback',
      team_id: 'T1',
      event_id: 'Ev1',
      event_time: Math.floor(Date.now() / 1_000),
      event: { type: 'app_mention', user: 'U1', text: '<@U2> Hi', ts: '1.5', channel: 'C1' },
    });
    expect(await sendRaw(connector, post(body))).toMatchObject({ status: 200, text: '' });
    expect((await runOf(connector)).payload).toMatchObject({
      text: 'Hi',
      channel_id: 'C1',
      thread_ts: '1.5',
    });
  });
});

describe('a bot of Telegram', () => {
  /** Answers as the Bot API, and keeps the webhook. */
  const behaveAsTelegram = (receiver: Receiver) => {
    let url = '';
    receiver.answer(({ path, body }) => {
      const method = path.split('/').at(-1);
      if (method === 'setWebhook') url = Object(JSON.parse(body.toString()))['url'];
      const result = method === 'getWebhookInfo' ? { url } : true;
      return { status: 200, body: JSON.stringify({ ok: true, result }) };
    });
  };

  test('gets its webhook from the connector, starts runs, sends results, and loses its webhook with the connector', async () => {
    const receiver = await target.startReceiver();
    behaveAsTelegram(receiver);
    const called = (method: string) =>
      eventually(`a call of ${method}`, async () => {
        const found = receiver.requests.find(({ path }) => path === `/hook/bot123456:a-token/${method}`);
        return found !== undefined && JSON.parse(found.body.toString());
      });
    const config = { bot_token: '123456:a-token', api_url: receiver.url };
    const connector = await create('telegram', 'inbound', config);
    expect(await called('setWebhook')).toEqual({
      url: expect.stringMatching(new RegExp(`/webhooks/${connector.id}$`)),
      secret_token: connector.secret,
      allowed_updates: ['message', 'edited_message', 'callback_query'],
    });
    await create('telegram', 'outbound', { ...config, from_connectors: [connector.id] });
    const sent = {
      update_id: 7,
      message: {
        message_id: 1,
        date: Math.floor(Date.now() / 1_000),
        chat: { id: 42, type: 'private' },
        from: { id: 42, first_name: 'Ada' },
        text: 'Hi',
      },
    };
    const answer = await sendRaw(connector, {
      headers: {
        'content-type': 'application/json',
        'x-telegram-bot-api-secret-token': connector.secret ?? '',
      },
      body: JSON.stringify(sent),
    });
    expect(answer.status).toBe(200);
    expect((await runOf(connector)).payload).toMatchObject({ update_id: 7, text: 'Hi', chat_id: 42 });
    expect(await called('sendMessage')).toMatchObject({ chat_id: 42, text: 'Hi' });
    await operator.delete(connector.id);
    await called('deleteWebhook');
  });
});

test('a command of Discord that Discord has signed starts runs, and is answered', async () => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const public_key = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('hex');
  const receiver = await target.startReceiver();
  const connector = await create('discord', 'inbound', { public_key });
  const application_id = '1234567890123456789';
  const answering = { application_id, api_url: receiver.url, from_connectors: [connector.id] };
  await create('discord', 'outbound', answering);
  const id = String(BigInt(Date.now() - 1_420_070_400_000) << 22n);
  const data = { name: 'ask', options: [{ name: 'text', type: 3, value: 'Hi' }] };
  const body = JSON.stringify({ id, application_id, type: 2, token: 'a-token', data });
  const timestamp = String(Math.floor(Date.now() / 1_000));
  const signature = sign(null, Buffer.from(timestamp + body), privateKey).toString('hex');
  const headers = { 'x-signature-ed25519': signature, 'x-signature-timestamp': timestamp };
  const answer = await sendRaw(connector, { headers, body });
  expect(answer).toMatchObject({ status: 200, json: { type: 5 } });
  expect((await runOf(connector)).payload).toMatchObject({ text: 'Hi', interaction_id: id });
  const path = `/hook/webhooks/${application_id}/a-token/messages/@original`;
  const sent = await eventually('the answer', async () => receiver.requests.find((one) => one.path === path));
  expect(JSON.parse(sent.body.toString())).toMatchObject({ content: 'Hi' });
});

test("an event of Stripe that Stripe's SDK has signed starts runs", async () => {
  const secret = 'whsec_0123456789abcdef';
  const connector = await create('stripe', 'inbound', { signing_secret: secret, event_types: ['invoice.*'] });
  const seconds = Math.floor(Date.now() / 1_000);
  const body = JSON.stringify({ id: 'evt_1', object: 'event', type: 'invoice.paid', created: seconds });
  const signature = Stripe.webhooks.generateTestHeaderString({ payload: body, secret });
  const answer = await sendRaw(connector, { headers: { 'stripe-signature': signature }, body });
  expect(answer.status).toBe(200);
  expect((await runOf(connector)).payload).toMatchObject({ id: 'evt_1', type: 'invoice.paid' });
});

test("a message of Twilio whose URL Twilio's SDK has signed starts runs", async () => {
  const account_sid = `AC${'0123456789abcdef'.repeat(2)}`;
  const connector = await create('twilio_messaging', 'inbound', { account_sid, auth_token: 'a-token' });
  const form = { MessageSid: 'SM1', From: '+15557654321', To: '+15551234567', Body: 'Hi & ho' };
  const query = '?shop=1';
  const url = `${connector.url}${query}`;
  const headers = { 'x-twilio-signature': twilio.getExpectedTwilioSignature('a-token', url, form) };
  const answer = await sendRaw(connector, { headers, body: new URLSearchParams(form), query });
  expect(answer).toMatchObject({ status: 200, text: expect.stringContaining('<Response>') });
  expect((await runOf(connector)).payload).toMatchObject({
    text: 'Hi & ho',
    from: '+15557654321',
    channel: 'sms',
  });
});
