import { generateKeyPairSync, sign } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { type LocalServer, serveLocally } from '../local-server.ts';
import { type ChatConnector, type ChatProduct, startChatProduct } from './chat-product.ts';

const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const public_key = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('hex');
const application = '1234567890123456789';
const webhookId = '9876543210987654321';
const webhookUrl = `https://discord.com/api/webhooks/${webhookId}/the-token-of-the-webhook`;

interface Called {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly body: unknown;
}

/** Discord's API, as far as the product uses it, as docs.discord.com describes it. */
interface DiscordServer extends LocalServer {
  readonly calls: Called[];
  /** Called before each message: what to answer instead of taking it. */
  refuse: () => { readonly status: number; readonly body: object } | null;
}

async function startDiscordServer(): Promise<DiscordServer> {
  const discord = { calls: [] as Called[], refuse: (): ReturnType<DiscordServer['refuse']> => null };
  const server = await serveLocally(async (request, response) => {
    const answer = (status: number, body: unknown) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    const { method, url } = request;
    if (url === '/orders.csv')
      return response.writeHead(200, { 'content-type': 'text/csv' }).end('a,b\n1,2\n');
    if (url === '/gateway') return answer(200, { url: 'wss://gateway.discord.gg' });
    if (method === 'GET' && url === `/webhooks/${webhookId}/the-token-of-the-webhook`) {
      return answer(200, { id: webhookId, name: 'Orders', type: 1 });
    }
    const body = await text(request);
    const refused = discord.refuse();
    if (refused !== null) return answer(refused.status, refused.body);
    if (method === 'GET') return answer(404, { message: 'Unknown Webhook', code: 10015 });
    discord.calls.push({ method, url, body: JSON.parse(body) });
    return answer(200, { id: '1', content: '' });
  });
  return Object.assign(discord, server);
}

let product: ChatProduct;
let discord: DiscordServer;
beforeAll(async () => {
  discord = await startDiscordServer();
  product = await startChatProduct();
});
afterEach(() => {
  discord.refuse = () => null;
  discord.calls.length = 0;
});
afterAll(async () => {
  await product.stop();
  await discord.stop();
});

const connectInbound = (config: Record<string, unknown> = {}, agents = ['reply']) =>
  product.create({ type: 'discord', mode: 'inbound', agents, config: { public_key, ...config } });
const connectOutbound = ({ id }: ChatConnector, config: Record<string, unknown>) =>
  product.create({
    type: 'discord',
    mode: 'outbound',
    config: { api_url: discord.url, from_connectors: [id], ...config },
  });

let number = 0;

/** An ID of this moment, or of one before. */
function newId(ageMs = 0): string {
  return String((BigInt(Date.now() - ageMs - 1_420_070_400_000) << 22n) | BigInt(++number));
}

/** A slash command with one text. */
function command(asked: string, change: object = {}) {
  return {
    id: newId(),
    application_id: application,
    type: 2,
    token: `token-of-${asked.length}`,
    version: 1,
    channel_id: '1111111111111111111',
    user: { id: '3333333333333333333', username: 'ada' },
    data: {
      id: '4444444444444444444',
      name: 'ask',
      type: 1,
      options: [{ name: 'text', type: 3, value: asked }],
    },
    ...change,
  };
}

/** Sends an interaction as Discord does, signed with its key. */
async function tell(
  { url }: Pick<ChatConnector, 'url'>,
  interaction: object,
  change: Record<string, string> = {},
) {
  const body = JSON.stringify(interaction);
  const timestamp = String(Math.floor(Date.now() / 1_000));
  const headers = {
    'content-type': 'application/json',
    'x-signature-timestamp': timestamp,
    'x-signature-ed25519': sign(null, Buffer.from(timestamp + body), privateKey).toString('hex'),
    ...change,
  };
  const response = await fetch(url ?? '', { method: 'POST', headers, body });
  const said = await response.text();
  return { status: response.status, json: said === '' ? null : JSON.parse(said) };
}

describe('an interaction of Discord', () => {
  test('that checks the URL is answered with a pong, also without agents; with another signature, it is refused', async () => {
    const connector = await connectInbound({}, []);
    const ping = { id: newId(), application_id: application, type: 1, token: 'a', version: 1 };
    expect(await tell(connector, ping)).toEqual({ status: 200, json: { type: 1 } });
    const wrong = await tell(connector, ping, { 'x-signature-timestamp': '1' });
    expect(wrong.status).toBe(401);
    const url = `${product.baseUrl}/webhooks/7c9e6679-7425-40de-944b-e07fc1f90ae7`;
    expect(await tell({ url }, ping)).toEqual(wrong);
  });

  test('by a command runs all linked agents with its payload, once, and Discord hears that an answer will come', async () => {
    const connector = await connectInbound({ ephemeral: true }, ['reply', 'keep']);
    const sent = command('Hello');
    const deferred = { status: 200, json: { type: 5, data: { flags: 64 } } };
    expect([await tell(connector, sent), await tell(connector, sent)]).toEqual([deferred, deferred]);
    const runs = await product.runsOf(connector.id, 2);
    expect(runs.map(({ agent_name }) => agent_name).sort()).toEqual(['keep', 'reply']);
    const { token: _token, ...facts } = sent;
    expect(runs[0]?.payload).toEqual({
      text: 'Hello',
      command: 'ask',
      options: { text: 'Hello' },
      user_id: '3333333333333333333',
      user_name: 'ada',
      channel_id: '1111111111111111111',
      guild_id: null,
      interaction_id: sent.id,
      _discord: facts,
    });
  });

  test('brings the attachments of its command', async () => {
    const connector = await connectInbound({}, ['keep']);
    const sent = command('', {
      data: {
        name: 'read',
        type: 1,
        options: [{ name: 'list', type: 11, value: '7' }],
        resolved: {
          attachments: {
            7: { filename: 'orders.csv', url: `${discord.url}/orders.csv`, content_type: 'text/csv' },
          },
        },
      },
    });
    await tell(connector, sent);
    const [run] = await product.runsOf(connector.id, 1);
    expect(run?.payload).toMatchObject({ files: [{ name: 'orders.csv', mime_type: 'text/csv' }] });
  });

  test('that starts nothing is answered, with a reason that only the person and the history see', async () => {
    const connector = await connectInbound({ commands: ['ask'] });
    const said = (content: string) => ({ status: 200, json: { type: 4, data: { content, flags: 64 } } });
    const other = command('', { data: { name: 'orders', type: 1 } });
    const unknown = "This command is not among the connector's commands.";
    expect(await tell(connector, other)).toEqual(said(unknown));
    const click = 'Only commands start runs: buttons, menus, and forms do not.';
    expect(await tell(connector, command('', { type: 3 }))).toEqual(said(click));
    expect(await tell(connector, command('', { type: 4 }))).toEqual({
      status: 200,
      json: { type: 8, data: { choices: [] } },
    });
    expect(await tell(connector, { type: 2 })).toMatchObject({
      status: 400,
      json: { detail: 'The body is not a Discord interaction.' },
    });
    expect(await product.countRuns(connector.id)).toBe(0);
    expect(await product.historyOf(connector.id)).toEqual(expect.arrayContaining([unknown, click]));

    await product.call('PATCH', `/connectors/${connector.id}`, { filter: 'input.text == "yes"' });
    expect(await tell(connector, command('no'))).toEqual(
      said('Nothing was started: a filter has left this command out.'),
    );
  });
});

describe('a result', () => {
  async function deliveryOf(connector: ChatConnector, status: string) {
    const [run] = await product.runsOf(connector.id, 1);
    return product.deliveryOf(
      run?.run_id ?? '',
      (delivery) => delivery.status === status && delivery.attempts.length > 0,
    );
  }
  const mentions = { allowed_mentions: { parse: ['users'] } };

  test('answers its command; what is longer than 2,000 characters follows in more messages', async () => {
    const connector = await connectInbound();
    await connectOutbound(connector, { application_id: application });
    await tell(connector, command('a'.repeat(2_500)));
    const delivery = await deliveryOf(connector, 'delivered');
    const path = `/webhooks/${application}/token-of-2500`;
    expect(discord.calls).toMatchObject([
      { method: 'PATCH', url: `${path}/messages/@original`, body: mentions },
      { method: 'POST', url: path, body: mentions },
    ]);
    const lengths = discord.calls.map(({ body }) => Object(body).content.length);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(2_000);
    const kept = await product.call('GET', `/deliveries/${delivery.delivery_id}`);
    expect(kept.text).toContain(`${discord.url}/webhooks/${application}`);
    expect(kept.text).not.toContain('token-of-2500');
  });

  test('of a private command stays private in all its messages', async () => {
    const connector = await connectInbound({ ephemeral: true });
    await connectOutbound(connector, { application_id: application });
    await tell(connector, command('a'.repeat(2_600)));
    await deliveryOf(connector, 'delivered');
    expect(discord.calls).toMatchObject([{ method: 'PATCH' }, { method: 'POST', body: { flags: 64 } }]);
  });

  test('that comes later than 15 minutes goes to the webhook, as does one that names a thread', async () => {
    const connector = await connectInbound();
    await connectOutbound(connector, { application_id: application, webhook_url: webhookUrl });
    await tell(connector, command('Hi', { id: newId(16 * 60_000) }));
    await deliveryOf(connector, 'delivered');
    const path = `/webhooks/${webhookId}/the-token-of-the-webhook?wait=true`;
    const content = '**You said:** Hi';
    expect(discord.calls).toEqual([{ method: 'POST', url: path, body: { content, ...mentions } }]);

    const other = await connectInbound();
    await connectOutbound(other, { application_id: application, webhook_url: webhookUrl });
    await tell(other, command(JSON.stringify({ text: 'There', thread_id: '5555555555555555555' })));
    await deliveryOf(other, 'delivered');
    expect(discord.calls[1]).toMatchObject({
      url: `${path}&thread_id=5555555555555555555`,
      body: { content: 'There' },
    });
  });

  test('without a place to go fails with what is missing', async () => {
    const late = await connectInbound();
    await connectOutbound(late, { application_id: application });
    await tell(late, command('Hi', { id: newId(16 * 60_000) }));
    expect((await deliveryOf(late, 'failed')).attempts[0]?.error).toBe(
      'Discord accepts answers to a command for 15 minutes only, and the connector has no webhook URL.',
    );
    const other = await connectInbound();
    await connectOutbound(other, { application_id: '1111111111111111111' });
    await tell(other, command('Hi'));
    expect((await deliveryOf(other, 'failed')).attempts[0]?.error).toBe(
      'The run was not started by a command of the application in application_id, and the connector has no webhook URL.',
    );
  });

  test("fails with Discord's words, waits as long as Discord asks, and tries an answer again that came too early", async () => {
    const waitOf = async (connector: ChatConnector, status: number, body: object) => {
      discord.refuse = () => ({ status, body });
      await tell(connector, command('Hi'));
      const { attempts, next_attempt_at } = await deliveryOf(connector, 'pending');
      const waitMs = Date.parse(next_attempt_at ?? '') - Date.parse(attempts[0]?.at ?? '');
      return { error: attempts[0]?.error, waitMs };
    };
    const limited = await connectInbound();
    await connectOutbound(limited, { webhook_url: webhookUrl });
    const body = { message: 'You are being rate limited.', retry_after: 64.57, global: false };
    const waits = await waitOf(limited, 429, body);
    expect(waits.error).toBe('Discord responded with the error 429: You are being rate limited.');
    expect(waits.waitMs).toBeGreaterThanOrEqual(64_570);

    const early = await connectInbound();
    await connectOutbound(early, { application_id: application });
    const { error } = await waitOf(early, 404, { message: 'Unknown Webhook', code: 10015 });
    expect(error).toBe('Discord responded with the error 10015: Unknown Webhook.');

    const gone = await connectInbound();
    const outbound = await connectOutbound(gone, { webhook_url: webhookUrl.replace('98765', '11111') });
    await tell(gone, command('Hi'));
    await deliveryOf(gone, 'failed');
    const state = await product.call('GET', `/connectors/${outbound.id}`);
    expect(state.text).not.toContain('the-token-of-the-webhook');
  });
});

test('a test before creation names the webhook, and says that answers need no credentials', async () => {
  const draft = { type: 'discord', mode: 'outbound' };
  const config = { api_url: discord.url, webhook_url: webhookUrl };
  expect(await product.testDraft({ ...draft, config })).toMatchObject({
    ok: true,
    detail: 'Discord knows the webhook "Orders".',
  });
  const unknown = { ...config, webhook_url: webhookUrl.replace('98765', '11111') };
  expect(await product.testDraft({ ...draft, config: unknown })).toMatchObject({
    ok: false,
    error: 'Discord responded with the error 10015: Unknown Webhook.',
  });
  const answering = { api_url: discord.url, application_id: application };
  expect(await product.testDraft({ ...draft, config: answering })).toMatchObject({
    ok: true,
    detail: 'Discord can be reached. Answers to commands need no credentials.',
  });
});

test('a connector without a place to send to is refused, and so are keys and URLs of another form', async () => {
  const refusalOf = async (mode: string, config: object) => {
    const answer = await product.call('POST', '/connectors', {
      name: 'wrong',
      type: 'discord',
      mode,
      agents: [],
      config,
    });
    expect(answer.status).toBe(400);
    return answer.text;
  };
  expect(await refusalOf('outbound', {})).toContain('Enter the application ID, a webhook URL, or both.');
  const elsewhere = { webhook_url: 'https://example.com/api/webhooks/1234567890123456789/token' };
  expect(await refusalOf('outbound', elsewhere)).toContain(
    'Enter the URL of a webhook: https://discord.com/api/webhooks/…',
  );
  expect(await refusalOf('inbound', { public_key: 'abc' })).toContain(
    'The public key must be the 64 hex digits of an Ed25519 public key.',
  );
});
