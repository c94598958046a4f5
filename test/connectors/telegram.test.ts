import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { Api, GrammyError } from 'grammy';
import type { Update } from 'grammy/types';
import * as z from 'zod';
import { eventually } from '../scenarios/eventually.ts';
import { type ChatConnector, type ChatProduct, startChatProduct } from './chat-product.ts';
import { photo, startTelegramServer, type TelegramServer } from './telegram-server.ts';

const token = '123456:bot-token-of-the-tests';
const baseUrl = 'https://agents.example.com';

let product: ChatProduct;
let telegram: TelegramServer;
beforeAll(async () => {
  telegram = await startTelegramServer(token);
  product = await startChatProduct({ settings: { baseUrl } });
});
afterEach(() => {
  telegram.refuse = () => null;
  telegram.messages.length = 0;
});
afterAll(async () => {
  await product.stop();
  await telegram.stop();
});

const connectInbound = (config: Record<string, unknown> = {}, agents = ['reply']) =>
  product.create({
    type: 'telegram',
    mode: 'inbound',
    agents,
    config: { bot_token: token, api_url: telegram.url, ...config },
  });
const connectOutbound = ({ id }: ChatConnector, config: Record<string, unknown> = {}) =>
  product.create({
    type: 'telegram',
    mode: 'outbound',
    config: { bot_token: token, api_url: telegram.url, from_connectors: [id], ...config },
  });

test('a product without a public URL registers the address that it listens on', async () => {
  const local = await startChatProduct();
  const config = { bot_token: token, api_url: telegram.url };
  const connector = await local.create({ type: 'telegram', mode: 'inbound', agents: ['reply'], config });
  await eventually('a webhook', async () => telegram.webhook?.url === connector.url);
  expect(connector.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/webhooks\//);
  await local.stop();
});

const from = { id: 111, is_bot: false, first_name: 'Ada', last_name: 'Lovelace', username: 'ada' };
const chat = { id: 111, type: 'private', first_name: 'Ada' } as const;

let nextId = 1;

function message(text: string, change: Partial<Update.NonChannel & object> = {}): Update {
  const date = Math.floor(Date.now() / 1_000);
  const update_id = nextId++;
  return { update_id, message: { message_id: update_id, date, chat, from, text, ...change } } as Update;
}

/** Sends an update as Telegram does: to the connector, with the secret of the webhook. */
async function tell({ url, secret }: ChatConnector, update: Update, token = secret) {
  const headers = { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': token ?? '' };
  const response = await fetch(url ?? '', { method: 'POST', headers, body: JSON.stringify(update) });
  return { status: response.status, text: await response.text() };
}

const state = z.looseObject({ status: z.string(), last_error: z.object({ message: z.string() }).nullable() });

const stateOf = async ({ id }: ChatConnector) =>
  state.parse((await product.call('GET', `/connectors/${id}/state`)).json);

test("the server of these tests is one that Telegram's usual library understands", async () => {
  const api = new Api(token, { apiRoot: telegram.url });
  expect(await api.getMe()).toMatchObject({ username: 'agent_bot' });
  expect(await api.sendMessage(5, 'Hi')).toMatchObject({ chat: { id: 5 } });
  await expect(api.sendMessage(404, 'Hi')).rejects.toThrow(GrammyError);
});

describe('the webhook of a bot', () => {
  const updates = ['message', 'edited_message', 'callback_query'];

  test('is set when its connector is made, again with a new secret, and removed with the connector', async () => {
    const connector = await connectInbound();
    const url = `${baseUrl}/webhooks/${connector.id}`;
    await eventually('the webhook', async () => telegram.webhook?.url === url);
    expect(telegram.webhook).toEqual({ url, secret_token: connector.secret, allowed_updates: updates });
    await eventually('its state', async () => (await stateOf(connector)).status === 'running');

    const rotated = await product.call('POST', `/connectors/${connector.id}/rotate-secret`, {
      grace_seconds: 0,
    });
    const { secret } = z.object({ secret: z.string() }).parse(rotated.json);
    await eventually('the new secret', async () => telegram.webhook?.secret_token === secret);

    await product.call('DELETE', `/connectors/${connector.id}`);
    expect(telegram.webhook).toBeNull();
  });

  test('follows the connection that gives the token: another server gets the webhook, and the old one loses it', async () => {
    const elsewhere = await startTelegramServer('654321:another-bot');
    const config = { bot_token: token, api_url: telegram.url };
    const id = await product.makeConnection({ name: 'our bot', type: 'telegram', config });
    const draft = { type: 'telegram', mode: 'inbound', config: {}, connection: 'our bot' } as const;
    const connector = await product.create(draft);
    const url = `${baseUrl}/webhooks/${connector.id}`;
    await eventually('the webhook', async () => telegram.webhook?.url === url);
    const change = { config: { bot_token: '654321:another-bot', api_url: elsewhere.url } };
    await product.call('PATCH', `/connections/${id}`, change);
    await eventually('the other webhook', async () => elsewhere.webhook?.url === url);
    await eventually('the removal of the old one', async () => telegram.webhook === null);
    await product.call('DELETE', `/connectors/${connector.id}`);
    await elsewhere.stop();
  });

  test('is removed as well where its connector is deleted while it is being set', async () => {
    const setting = Promise.withResolvers<null>();
    const called: string[] = [];
    telegram.refuse = (method) => {
      called.push(method);
      return method === 'setWebhook' ? setting.promise : null;
    };
    const connector = await connectInbound();
    await eventually('the webhook to be set', async () => called.includes('setWebhook'));
    await product.call('DELETE', `/connectors/${connector.id}`);
    setting.resolve(null);
    await eventually(
      'its removal',
      async () => called.includes('deleteWebhook') && telegram.webhook === null,
    );
  });

  test('stays where somebody else has set another one', async () => {
    const connector = await connectInbound();
    await eventually('its state', async () => (await stateOf(connector)).status === 'running');
    telegram.webhook = { url: 'https://other.example.com/bot' };
    await product.call('DELETE', `/connectors/${connector.id}`);
    expect(telegram.webhook).toEqual({ url: 'https://other.example.com/bot' });
  });

  test("that cannot be set makes the connector's health fail with Telegram's words, and is tried again", async () => {
    telegram.refuse = (method) =>
      method === 'setWebhook'
        ? { error_code: 400, description: 'Bad Request: bad webhook: An HTTPS URL must be provided' }
        : null;
    const connector = await connectInbound();
    const failing = await eventually('the failure', async () => {
      const found = await stateOf(connector);
      return found.status === 'failing' && found;
    });
    expect(failing.last_error?.message).toMatch(/^Telegram responded: Bad Request: bad webhook/);
    telegram.refuse = () => null;
    await eventually('the webhook', async () => (await stateOf(connector)).status === 'running');
    expect(await product.historyOf(connector.id)).toContain('Registered at its provider.');
  });
});

describe('an update of Telegram', () => {
  test('runs all linked agents with its payload, once', async () => {
    const connector = await connectInbound({}, ['reply', 'keep']);
    const update = message('Hello');
    expect([await tell(connector, update), await tell(connector, update)]).toEqual([
      { status: 200, text: '' },
      { status: 200, text: '' },
    ]);
    const runs = await product.runsOf(connector.id, 2);
    expect(runs.map(({ agent_name }) => agent_name).sort()).toEqual(['keep', 'reply']);
    expect(runs[0]?.payload).toEqual({
      update_id: update.update_id,
      text: 'Hello',
      chat_id: 111,
      message: {
        message_id: update.update_id,
        text: 'Hello',
        date: update.message?.date,
        chat_id: 111,
        chat_type: 'private',
        from_id: 111,
        from_username: 'ada',
        from_first_name: 'Ada',
        from_last_name: 'Lovelace',
      },
      raw: update,
    });
  });

  test('brings the photo of its message, downloaded by the bot', async () => {
    const connector = await connectInbound({}, ['keep']);
    const size = { file_id: 'f', file_unique_id: 'u', width: 1, height: 1 };
    const { text: _none, ...withPhoto } = { ...message('').message, caption: 'See', photo: [size] };
    await tell(connector, { update_id: nextId++, message: withPhoto } as Update);
    const [run] = await product.runsOf(connector.id, 1);
    const data = photo.toString('base64');
    expect(run?.payload).toMatchObject({
      text: 'See',
      files: [{ name: 'photo.jpg', mime_type: 'image/png', data }],
    });
  });

  test('by a click on a button comes once, and the response ends the progress that the button shows', async () => {
    const connector = await connectInbound({ allowed_user_ids: [111] }, ['keep']);
    const click = (id: string, user: object) =>
      ({
        update_id: nextId++,
        callback_query: {
          id,
          from: user,
          chat_instance: 'c',
          data: 'yes',
          message: message('Choose').message,
        },
      }) as Update;
    const ended = async (update: Update) => {
      const { status, text } = await tell(connector, update);
      return { status, called: JSON.parse(text) };
    };
    const called = (id: string) => ({
      status: 200,
      called: { method: 'answerCallbackQuery', callback_query_id: id },
    });
    const wanted = click('1', from);
    expect([await ended(wanted), await ended(wanted)]).toEqual([called('1'), called('1')]);
    expect(await ended(click('2', { ...from, id: 222 }))).toEqual(called('2'));
    await product.runsOf(connector.id, 1);
    expect(await product.countRuns(connector.id)).toBe(1);
  });

  test('of another form is refused', async () => {
    const refused = await tell(await connectInbound(), { hello: 1 } as unknown as Update);
    expect(refused.status).toBe(400);
    expect(JSON.parse(refused.text)).toMatchObject({ detail: 'The body is not a Telegram update.' });
  });

  test('with a wrong secret is refused as by an unknown connector; of other users and of the bot itself, starts nothing', async () => {
    const connector = await connectInbound({ allowed_user_ids: [111] });
    const unknown = { ...connector, url: `${product.baseUrl}/webhooks/7c9e6679-7425-40de-944b-e07fc1f90ae7` };
    const refused = await tell(connector, message('Hi'), 'wrong');
    expect(refused.status).toBe(401);
    expect(refused).toEqual(await tell(unknown, message('Hi'), 'wrong'));
    for (const id of [222, 123456]) {
      const other = { ...message('Hi').message, from: { ...from, id } };
      expect(await tell(connector, { update_id: nextId++, message: other } as Update)).toEqual({
        status: 200,
        text: '',
      });
    }
    expect(await product.countRuns(connector.id)).toBe(0);
    expect(await product.historyOf(connector.id)).toEqual(
      expect.arrayContaining([
        'Messages of users who are not in allowed_user_ids start no runs.',
        'The bot does not react to its own messages.',
      ]),
    );
  });
});

describe('a result', () => {
  async function deliveryOf(connector: ChatConnector, text: string, status: string) {
    const runId = await eventually('the run', async () => {
      const runs = await product.runsOf(connector.id, 1);
      return runs.find(({ payload }) => Object(payload).text === text)?.run_id;
    });
    return product.deliveryOf(
      runId,
      (delivery) => delivery.status === status && delivery.attempts.length > 0,
    );
  }

  test('goes to the chat of its event, or to the one that it names; without valid HTML, as plain text', async () => {
    const connector = await connectInbound();
    await connectOutbound(connector);
    await tell(connector, message('Hi'));
    await deliveryOf(connector, 'Hi', 'delivered');
    const said = JSON.stringify({ text: '<b>a</b>', chat_id: 5 });
    await tell(connector, message(said));
    await deliveryOf(connector, said, 'delivered');
    const unreadable = JSON.stringify({ text: 'a <sad> b' });
    await tell(connector, message(unreadable));
    await deliveryOf(connector, unreadable, 'delivered');
    expect(telegram.messages).toEqual([
      { chat_id: 111, text: '**You said:** Hi', parse_mode: 'HTML' },
      { chat_id: 5, text: '<b>a</b>', parse_mode: 'HTML' },
      { chat_id: 111, text: 'a <sad> b' },
    ]);
  });

  test('of another bot goes to the default chat; what Telegram refuses fails with its words', async () => {
    const connector = await connectInbound();
    await connectOutbound(connector, { bot_token: '987654:other' });
    const other = await connectOutbound(connector, { default_chat_id: '@status' });
    await product.call('DELETE', `/connectors/${other.id}`);
    await tell(connector, message('Hi'));
    const failed = await deliveryOf(connector, 'Hi', 'failed');
    expect(failed.attempts[0]?.error).toMatch(/names no chat_id/);

    const refusing = await connectInbound();
    await connectOutbound(refusing);
    const blocked = { error_code: 403, description: 'Forbidden: bot was blocked by the user' };
    telegram.refuse = (method) => (method === 'sendMessage' ? blocked : null);
    await tell(refusing, message('Hey'));
    expect((await deliveryOf(refusing, 'Hey', 'failed')).attempts[0]?.error).toBe(
      'Telegram responded: Forbidden: bot was blocked by the user. The person must start the bot, or the group must add it.',
    );
    telegram.refuse = (method) =>
      method === 'sendMessage'
        ? {
            error_code: 429,
            description: 'Too Many Requests: retry after 35',
            parameters: { retry_after: 35 },
          }
        : null;
    await tell(refusing, message('Ho'));
    const waiting = await deliveryOf(refusing, 'Ho', 'pending');
    expect(waiting.attempts).toMatchObject([
      { status_code: 429, error: 'Telegram responded: Too Many Requests: retry after 35.' },
    ]);
    const waitMs = Date.parse(waiting.next_attempt_at ?? '') - Date.parse(waiting.attempts[0]?.at ?? '');
    expect(waitMs).toBeGreaterThanOrEqual(35_000);
    expect(JSON.stringify(waiting)).not.toContain('bot-token-of-the-tests');
  });
});

test('a test before creation says whose the token is, and that the webhook of somebody else will be replaced', async () => {
  telegram.webhook = { url: 'https://other.example.com/bot' };
  const config = { bot_token: token, api_url: telegram.url };
  expect(await product.testDraft({ type: 'telegram', mode: 'inbound', config })).toMatchObject({
    ok: true,
    detail:
      'Telegram knows the token as the bot @agent_bot; its webhook at other.example.com will be replaced.',
  });
  expect(telegram.webhook).toEqual({ url: 'https://other.example.com/bot' });
  const wrong = { ...config, bot_token: '123456:wrong' };
  expect(await product.testDraft({ type: 'telegram', mode: 'outbound', config: wrong })).toMatchObject({
    ok: false,
    error: "Telegram responded: Unauthorized. Enter the bot's current token.",
  });
});
