import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { mention } from '../../src/connectors/slack/sample-request.ts';
import { presets } from '../../src/signatures/presets.ts';
import { signatureHeaders } from '../../src/signatures/request-signature.ts';
import { serveLocally } from '../local-server.ts';
import { eventually } from '../scenarios/eventually.ts';
import { type ChatConnector, type ChatProduct, connectTwo, startChatProduct } from './chat-product.ts';
import { type SlackServer, sharedText, startSlackServer } from './slack-server.ts';

const signingSecret = '8f742231b10e8888abcd99yyyzzz85a5';
const botToken = 'xoxb-111-222-secretpart';

let product: ChatProduct;
let slack: SlackServer;
let inbound: ChatConnector;
beforeAll(async () => {
  [product, slack] = await Promise.all([startChatProduct(), startSlackServer(botToken)]);
  const config = { signing_secret: signingSecret, bot_token: botToken, api_url: slack.apiUrl };
  inbound = await product.create({ type: 'slack', mode: 'inbound', agents: ['reply', 'keep'], config });
});
afterEach(() => {
  slack.refuse = () => null;
  slack.posts.length = 0;
});
afterAll(async () => {
  await product.stop();
  await slack.stop();
});

let nextId = 0;

/** Sends an event as Slack does. */
async function tell(to: ChatConnector, text: string, change: Record<string, unknown> = {}) {
  const whole = mention(text, `e${nextId++}`, Date.now());
  return send(to, JSON.stringify({ ...whole, event: { ...whole.event, ...change } }));
}

async function send(
  to: ChatConnector,
  body: string,
  contentType = 'application/json',
  secret = signingSecret,
) {
  const signature = signatureHeaders(presets.slack.scheme, [secret], { body, now: Date.now() });
  const headers = { 'content-type': contentType, ...signature };
  const response = await fetch(to.url ?? '', { method: 'POST', headers, body });
  return { status: response.status, text: await response.text() };
}

const connectInbound = (config: Record<string, unknown> = {}, agents = ['reply']) =>
  product.create({
    type: 'slack',
    mode: 'inbound',
    agents,
    config: { signing_secret: signingSecret, bot_token: botToken, api_url: slack.apiUrl, ...config },
  });
const connectOutbound = ({ id }: ChatConnector, config: Record<string, unknown> = {}) =>
  product.create({
    type: 'slack',
    mode: 'outbound',
    config: { bot_token: botToken, api_url: slack.apiUrl, from_connectors: [id], ...config },
  });

/** The delivery of the run for a text, once it is as it should be. */
async function deliveryOf(
  connector: ChatConnector,
  text: string,
  holds: Parameters<ChatProduct['deliveryOf']>[1],
) {
  const runId = await eventually('the run', async () => {
    const runs = await product.runsOf(connector.id, 1);
    return runs.find(({ payload }) => Object(payload).text === text)?.run_id;
  });
  return product.deliveryOf(runId, holds);
}

const isDelivered = ({ status }: { readonly status: string }) => status === 'delivered';
const hasFailed = ({ status }: { readonly status: string }) => status === 'failed';

describe('a connection to a Slack app', () => {
  test('serves the connector that receives and the one that replies, and is known as one account', async () => {
    const config = { signing_secret: signingSecret, bot_token: botToken, api_url: slack.apiUrl };
    const id = await product.makeConnection({ name: 'our app', type: 'slack', config });
    const shared = { type: 'slack', connection: 'our app' } as const;
    const receiving = await product.create({ ...shared, mode: 'inbound', config: {} });
    const replying = { ...shared, mode: 'outbound', config: { from_connectors: [receiving.id] } } as const;
    await product.create(replying);
    await tell(receiving, 'Hello there');
    await deliveryOf(receiving, 'Hello there', isDelivered);
    expect(slack.posts).toMatchObject([{ channel: 'C0000000001', thread_ts: expect.any(String) }]);
    const tested = await product.call('POST', `/connections/${id}/test`);
    expect(tested.json).toMatchObject({
      ok: true,
      detail: expect.stringMatching(/^Slack knows the token as the bot /),
    });

    const wrong = { config: { bot_token: 'xoxb-111-222-revoked' } };
    await product.call('PATCH', `/connections/${id}`, wrong);
    await tell(receiving, 'And again');
    await deliveryOf(receiving, 'And again', hasFailed);
    expect((await product.call('POST', `/connections/${id}/test`)).json).toMatchObject({ ok: false });
  });
});

describe('an event of Slack', () => {
  test('runs all linked agents with its payload, is answered with nothing, and starts nothing again', async () => {
    const before = await product.countRuns(inbound.id);
    const body = JSON.stringify(mention('Hello', 'same', Date.now()));
    const answers = [await send(inbound, body), await send(inbound, body)];
    expect(answers).toEqual([
      { status: 200, text: '' },
      { status: 200, text: '' },
    ]);
    const runs = await product.runsOf(inbound.id, before + 2);
    expect(runs.length).toBe(before + 2);
    expect(
      runs
        .slice(0, 2)
        .map(({ agent_name }) => agent_name)
        .sort(),
    ).toEqual(['keep', 'reply']);
    expect(runs[0]?.payload).toMatchObject({
      text: 'Hello',
      user_id: 'U0000000001',
      team_id: 'T0000000001',
      channel_id: 'C0000000001',
      event_id: 'Evsame',
      _slack: { type: 'app_mention', text: '<@U0000000BOT> Hello' },
    });
  });

  test('brings the files of its message, downloaded with the bot token, and warns of others', async () => {
    const connector = await connectInbound({}, ['keep']);
    const file = (name: string, url: string) => ({ name, mimetype: 'text/csv', url_private_download: url });
    await tell(connector, 'See', {
      files: [file('a.csv', `${slack.url}/files/a`), file('b.csv', 'https://elsewhere.example/b')],
    });
    const [run] = await product.runsOf(connector.id, 1);
    const data = Buffer.from(sharedText).toString('base64');
    expect(run?.payload).toMatchObject({
      files: [{ name: 'a.csv', mime_type: 'text/csv', data, size: sharedText.length }],
    });
    expect(run?.warnings).toEqual(['The file "b.csv" was omitted: it is not stored at Slack.']);
  });

  test("of the app itself starts nothing, which the connector's history says", async () => {
    const connector = await connectInbound();
    expect(await tell(connector, 'Hello', { bot_id: 'B1', app_id: 'A0000000001' })).toEqual({
      status: 200,
      text: '',
    });
    expect(await product.historyOf(connector.id)).toContain(
      'The app does not react to its own messages and reactions.',
    );
    expect(await product.countRuns(connector.id)).toBe(0);
  });

  test('is refused with a wrong signing secret, as an unknown connector refuses it', async () => {
    const body = JSON.stringify(mention('Hello', 'x', Date.now()));
    const wrong = await send(inbound, body, 'application/json', 'another secret');
    const unknown = { ...inbound, url: `${product.baseUrl}/webhooks/7c9e6679-7425-40de-944b-e07fc1f90ae7` };
    expect(wrong).toEqual(await send(unknown, body, 'application/json', 'another secret'));
    expect(wrong.status).toBe(401);
  });

  test('arrives 200 at a time, each starting one run', async () => {
    const connector = await connectInbound({}, ['keep']);
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, index) => tell(connector, `n${index}`)),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    const { json } = await product.call('GET', `/runs?connector=${connector.id}&limit=100`);
    expect(Object(json)['items']).toHaveLength(100);
  });

  test('is a slash command, too', async () => {
    const connector = await connectInbound({ events: ['slash_commands'] });
    const command = {
      command: '/ask',
      text: 'What is new?',
      user_id: 'U1',
      channel_id: 'C1',
      trigger_id: '1.2',
    };
    expect(
      await send(connector, new URLSearchParams(command).toString(), 'application/x-www-form-urlencoded'),
    ).toEqual({ status: 200, text: '' });
    const [run] = await product.runsOf(connector.id, 1);
    expect(run?.payload).toMatchObject({
      text: 'What is new?',
      event_id: '1.2',
      _slack: { command: '/ask' },
    });
  });
});

describe('a result', () => {
  test("is posted as Slack's markup in the channel and the thread of its event, and elsewhere where it says so", async () => {
    const connector = await connectInbound();
    await connectOutbound(connector);
    await tell(connector, 'Hi', { thread_ts: '17.5' });
    await deliveryOf(connector, 'Hi', isDelivered);
    const reply = { channel: 'C0000000001', thread_ts: '17.5', text: '*You said:* Hi' };
    expect(slack.posts).toEqual([reply]);

    const blocks = [{ type: 'divider' }];
    const said = JSON.stringify({ text: 'Over there', channel_id: 'C9', blocks });
    await tell(connector, said);
    await deliveryOf(connector, said, isDelivered);
    expect(slack.posts[1]).toEqual({ channel: 'C9', text: 'Over there', blocks });
  });

  test('of an event of another app goes to the default channel, and nowhere without one', async () => {
    const connector = await connectInbound({ bot_token: 'xoxb-999-888-other' });
    const outbound = await connectOutbound(connector);
    await tell(connector, 'Hi');
    const failed = await deliveryOf(connector, 'Hi', hasFailed);
    expect(failed.attempts[0]?.error).toMatch(/names no channel_id/);
    await product.call('PATCH', `/connectors/${outbound.id}`, { config: { default_channel: 'C5' } });
    await tell(connector, 'Ho');
    await deliveryOf(connector, 'Ho', isDelivered);
    expect(slack.posts).toEqual([{ channel: 'C5', text: '*You said:* Ho' }]);
  });

  test('of two workspaces at once reaches each in its own, and neither in the other', async () => {
    const otherToken = 'xoxb-777-888-otherpart';
    const other = await startSlackServer(otherToken);
    const ofOther = { bot_token: otherToken, api_url: other.apiUrl };
    const { ours, theirs } = await connectTwo({ connectInbound, connectOutbound }, ofOther);
    const texts = ['first', 'second', 'third'];
    await Promise.all(
      texts.flatMap((text) => [
        tell(ours, `ours, ${text}`, { channel: 'C1' }),
        tell(theirs, `theirs, ${text}`, { channel: 'C2' }),
      ]),
    );
    for (const connector of [ours, theirs]) {
      const each = await product.deliveredOf(connector.id, texts.length, 2);
      expect(each).toEqual(texts.map(() => ['delivered', 'failed']));
    }
    const posted = (server: SlackServer) => server.posts.map(({ channel, text }) => `${channel}: ${text}`);
    const said = (channel: string, whose: string) =>
      texts.map((text) => `${channel}: *You said:* ${whose}, ${text}`);
    expect(posted(slack).sort()).toEqual(said('C1', 'ours').sort());
    expect(posted(other).sort()).toEqual(said('C2', 'theirs').sort());
    await other.stop();
  });

  test('that Slack refuses fails with the name of the error', async () => {
    const connector = await connectInbound();
    await connectOutbound(connector);
    slack.refuse = () => ({ status: 200, error: 'not_in_channel' });
    await tell(connector, 'Hi');
    const failed = await deliveryOf(connector, 'Hi', hasFailed);
    const error = 'Slack responded with the error "not_in_channel". Invite the app to the channel.';
    expect(failed.attempts).toMatchObject([{ status_code: 200, error }]);
  });

  test('that is long comes in parts; at a limit of Slack, the rest of it waits, and all else of the app', async () => {
    const connector = await connectInbound();
    await connectOutbound(connector);
    const limited = { status: 429, headers: { 'retry-after': '30' }, error: 'ratelimited' };
    slack.refuse = () => (slack.posts.length === 1 ? limited : null);
    const long = Array.from({ length: 100 }, (_, index) => `Line ${index} ${'x'.repeat(80)}`).join('\n');
    await tell(connector, long);
    const waiting = await deliveryOf(connector, long, ({ attempts }) => attempts.length === 1);
    const error = 'Slack responded with the error "ratelimited".';
    expect(waiting).toMatchObject({ status: 'pending', attempts: [{ status_code: 429, error }] });
    const waitMs = Date.parse(waiting.next_attempt_at ?? '') - Date.parse(waiting.attempts[0]?.at ?? '');
    expect(waitMs).toBeGreaterThanOrEqual(30_000);

    slack.refuse = () => null;
    await tell(connector, 'Another');
    const held = await deliveryOf(connector, 'Another', ({ attempts }) => attempts.length === 1);
    expect(held.attempts[0]?.error).toMatch(/asked this account to wait/);
    expect(slack.posts).toHaveLength(1);
  });
});

describe('a test of a connector before it is made', () => {
  const config = () => ({ bot_token: botToken, api_url: slack.apiUrl });

  test('says as whom and where Slack knows the token', async () => {
    for (const mode of ['inbound', 'outbound']) {
      expect(await product.testDraft({ type: 'slack', mode, config: config() })).toMatchObject({
        ok: true,
        detail: 'Slack knows the token as the bot "agent" in the workspace "Acme".',
      });
    }
  });

  test('names a wrong token, and scopes that are missing', async () => {
    const wrong = { ...config(), bot_token: 'xoxb-1-2-wrong' };
    expect(await product.testDraft({ type: 'slack', mode: 'outbound', config: wrong })).toMatchObject({
      error: 'Slack responded with the error "invalid_auth". Check the connector\'s bot token.',
    });
    const events = { ...config(), events: ['app_mention', 'message.im'] };
    expect(await product.testDraft({ type: 'slack', mode: 'inbound', config: events })).toMatchObject({
      error: expect.stringContaining('lacks the scopes im:history'),
    });
  });

  test('says so if the server is not the one of the provider', async () => {
    const other = await serveLocally((_request, response) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"ok":true,"result":{}}'),
    );
    const twilio = { account_sid: `AC${'0'.repeat(32)}`, auth_token: 'a token' };
    const drafts = [
      { type: 'slack', title: 'Slack', config: { bot_token: botToken } },
      { type: 'telegram', title: 'Telegram', config: { bot_token: '123456:a-token' } },
      { type: 'twilio_messaging', title: 'Twilio', config: twilio },
    ];
    for (const { type, title, config } of drafts) {
      const draft = { type, mode: 'outbound', config: { ...config, api_url: other.url } };
      expect(await product.testDraft(draft)).toMatchObject({
        error: `The server did not respond as ${title} does. Check the API URL.`,
      });
    }
    await other.stop();
  });
});
