import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { maxFileBytes } from '../../src/files/file-limit.ts';
import { startGeminiServer } from '../model-servers/gemini-server.ts';
import type { ModelServer, ScriptedReply } from '../model-servers/model-server.ts';
import { eventually } from '../scenarios/eventually.ts';
import { connectSocket, RefusedHandshake, type SocketClient } from '../websocket-client.ts';
import { type ChatConnector, type ChatProduct, startChatProduct } from './chat-product.ts';

const message = z.looseObject({ type: z.string() });

let product: ChatProduct;
let model: ModelServer;
let reply: (index: number) => ScriptedReply = () => ({ text: ['Nice to ', 'meet you.'] });

beforeAll(async () => {
  model = await startGeminiServer({ script: (_request, index) => reply(index) });
  const env = { GEMINI_BASE_URL: model.url, GEMINI_API_KEY: 'any' };
  product = await startChatProduct({ env });
});
afterEach(() => {
  reply = () => ({ text: ['Nice to ', 'meet you.'] });
});
afterAll(async () => {
  await product.stop();
  await model.close();
});

const create = (config: Record<string, unknown> = {}, agents: readonly string[] = ['keep']) =>
  product.create({ type: 'websocket', mode: 'sync', agents, config });

/** Opens a connection with the secret in a header. */
async function connect(connector: ChatConnector, headers: Record<string, string> = {}) {
  return clientOf(
    await connectSocket(connector.url ?? '', { 'x-connic-secret': connector.secret ?? '', ...headers }),
  );
}

function clientOf(client: SocketClient) {
  const next = async () => message.parse(JSON.parse(await client.next()));
  return {
    ...client,
    next,
    say: (said: unknown) => client.send(JSON.stringify(said)),
    /** Messages up to the first of this type. */
    async until(type: string) {
      const got = [await next()];
      while (got.at(-1)?.type !== type) got.push(await next());
      return got;
    },
  };
}

/** The answer of an agent that gives back its payload. */
const kept = (end: z.infer<typeof message> | undefined): unknown =>
  JSON.parse(z.string().parse(end?.['full_response']));

const refusalOf = async (connecting: Promise<unknown>) => {
  const refused = await connecting.then(
    () => 'connected',
    (thrown: unknown) => thrown,
  );
  if (!(refused instanceof RefusedHandshake)) throw new Error(`not refused: ${refused}`);
  return { status: refused.status, ...JSON.parse(refused.body) };
};

describe('a message', () => {
  test('is acknowledged, streamed and ended, as a run of each agent', async () => {
    const connector = await create();
    const client = await connect(connector);
    const connected = await client.next();
    expect(connected).toEqual({ type: 'connected', connector_run_id: expect.any(String), agents: ['keep'] });
    client.say({ type: 'message', id: 'm1', payload: { message: 'Hello', order: 7 } });
    const messages = await client.until('stream_end');
    const [run] = await product.runsOf(connector.id, 1);
    const about = { id: 'm1', agent: 'keep' };
    const payload = {
      message: 'Hello',
      order: 7,
      _websocket: { connector_run_id: connected['connector_run_id'], message_number: 1, id: 'm1' },
    };
    expect(messages).toEqual([
      { type: 'ack', id: 'm1', message_number: 1, run_ids: [run?.run_id] },
      { type: 'stream_start', ...about },
      { type: 'stream_chunk', ...about, chunk: JSON.stringify(payload) },
      {
        type: 'stream_end',
        ...about,
        run_id: run?.run_id,
        full_response: JSON.stringify(payload),
        token_usage: { input_tokens: 0, output_tokens: 0, total_tokens: 0 },
      },
    ]);
    expect(run).toMatchObject({ status: 'completed', payload });
    client.socket.close();
  });

  test('to a paused connector is stored, and its connection is not kept waiting', async () => {
    const connector = await create();
    const client = await connect(connector);
    await client.until('connected');
    await product.call('PATCH', `/connectors/${connector.id}`, { paused: true });
    for (const id of ['first', 'second']) {
      client.say({ type: 'message', id, payload: { message: 'Hello' } });
      const answers = await client.until('error');
      expect(answers[0]).toMatchObject({ type: 'ack', id });
      expect(answers.at(-1)).toMatchObject({
        id,
        code: 'paused',
        detail: expect.stringMatching(
          /^The run \S+ is stored\. It waits until an operator resumes what is paused\.$/,
        ),
      });
    }
    expect(await product.countRuns(connector.id)).toBe(2);
    client.socket.close();
  });

  test('may be short, and gets a number for an id', async () => {
    const client = await connect(await create({ streaming: false }));
    await client.next();
    for (const said of [
      { message: 'a' },
      { content: 'b' },
      { payload: { content: 'c' } },
      { payload: 'd' },
    ]) {
      client.say(said);
    }
    const answers = [];
    for (let count = 0; count < 4; count++) answers.push((await client.until('response')).at(-1));
    expect(answers.map((answer) => answer?.['id'])).toEqual(['1', '2', '3', '4']);
    expect(answers.map(kept)).toMatchObject([
      { message: 'a' },
      { message: 'b' },
      { message: 'c' },
      { message: 'd' },
    ]);
    client.socket.close();
  });

  test('is answered in pieces as the model writes them', async () => {
    const client = await connect(await create({}, ['talker']));
    await client.next();
    client.say({ message: 'Hello' });
    const messages = await client.until('stream_end');
    const chunks = messages.filter(({ type }) => type === 'stream_chunk').map((one) => one['chunk']);
    expect(chunks).toEqual(['Nice to ', 'meet you.']);
    expect(messages.at(-1)).toMatchObject({
      full_response: 'Nice to meet you.',
      token_usage: { input_tokens: 12, output_tokens: 7, total_tokens: 19 },
    });
    client.socket.close();
  });

  test('is answered as a whole without streaming', async () => {
    const client = await connect(await create({ streaming: false }, ['talker']));
    await client.next();
    client.say({ id: 4, message: 'Hello' });
    expect(await client.until('response')).toEqual([
      expect.objectContaining({ type: 'ack', id: 4 }),
      expect.objectContaining({
        type: 'response',
        id: 4,
        agent: 'talker',
        full_response: 'Nice to meet you.',
      }),
    ]);
    client.socket.close();
  });

  test('is answered by every linked agent', async () => {
    const client = await connect(await create({}, ['talker', 'keep', 'friend']));
    expect(await client.next()).toMatchObject({ agents: ['talker', 'keep', 'friend'] });
    client.say({ message: 'Hello' });
    const messages: z.infer<typeof message>[] = [];
    while (messages.filter(({ type }) => type === 'stream_end').length < 3)
      messages.push(await client.next());
    const textsOf = (agent: string) =>
      messages
        .filter((one) => one['agent'] === agent && one.type === 'stream_chunk')
        .map((one) => one['chunk']);
    expect(textsOf('talker').join('')).toBe('Nice to meet you.');
    expect(textsOf('friend').join('')).toBe('Nice to meet you.');
    expect(textsOf('keep').join('')).toMatch(/"message":"Hello"/);
    client.socket.close();
  });

  test('tells of the steps of its run where the connector does', async () => {
    reply = (index) =>
      index === first
        ? { toolCalls: [{ name: 'reply__note', arguments: { text: 'x' } }] }
        : { text: 'Done.' };
    const first = model.requests.length;
    const client = await connect(await create({ progress_events: true }, ['talker']));
    await client.next();
    client.say({ id: 'p', message: 'Note it' });
    const messages = await client.until('stream_end');
    const steps = messages.filter(({ type }) => type === 'progress');
    expect(steps.map((one) => one['step'])).toEqual(
      ['model', 'model', 'tool', 'tool', 'model', 'model'].map((kind, index) =>
        expect.objectContaining({
          kind,
          status: index % 2 === 0 ? 'running' : 'ok',
          name: expect.any(String),
        }),
      ),
    );
    expect(steps[0]).toMatchObject({ id: 'p', agent: 'talker', run_id: expect.any(String) });
    client.socket.close();
  });

  test('whose agent fails gets the error of its run', async () => {
    reply = () => ({ status: 400, message: 'The model is not in the mood.' });
    const client = await connect(await create({}, ['talker']));
    await client.next();
    client.say({ id: 'f', message: 'Hello' });
    expect((await client.until('error')).at(-1)).toEqual({
      type: 'error',
      id: 'f',
      agent: 'talker',
      run_id: expect.any(String),
      code: 'model-error',
      detail: expect.stringContaining('not in the mood'),
    });
    client.socket.close();
  });

  test('that comes again with its id is answered as the first time, without a second run', async () => {
    const connector = await create();
    const client = await connect(connector);
    await client.next();
    client.say({ id: 'again', message: 'Hello' });
    const end = (await client.until('stream_end')).at(-1);
    client.say({ id: 'again', message: 'Hello' });
    expect((await client.until('stream_end')).at(-1)).toEqual(end);
    client.say({ id: 'again', message: 'Something else' });
    expect(await client.next()).toEqual({
      type: 'error',
      id: 'again',
      code: 'idempotency-mismatch',
      detail: 'Another message had this id. Give each message its own id, or none.',
    });
    const other = await connect(connector);
    await other.next();
    other.say({ id: 'again', message: 'Something else' });
    await other.until('stream_end');
    expect(await product.countRuns(connector.id)).toBe(2);
    client.socket.close();
    other.socket.close();
  });

  test('that comes again over another connection is answered as the first time if its id is a UUID', async () => {
    const connector = await create();
    const id = crypto.randomUUID();
    const ends: unknown[] = [];
    for (const message of ['Hello', 'Hello', 'Something else']) {
      const client = await connect(connector);
      await client.next();
      client.say({ id, message });
      ends.push(message === 'Hello' ? (await client.until('stream_end')).at(-1) : await client.next());
      client.socket.close();
    }
    expect(ends[1]).toEqual(ends[0]);
    expect(ends[2]).toMatchObject({ type: 'error', id, code: 'idempotency-mismatch' });
    expect(await product.countRuns(connector.id)).toBe(1);
  });

  test('brings files as a webhook does, and is told what was left out', async () => {
    const connector = await create();
    const client = await connect(connector);
    await client.next();
    const text = Buffer.from('a,b\n1,2\n').toString('base64');
    const program = Buffer.from('MZ\u0000\u0001').toString('base64');
    client.say({
      payload: {
        message: 'Read this',
        files: [
          { name: 'table.csv', mime_type: 'text/csv', data: text },
          { name: 'virus.exe', mime_type: 'application/x-msdownload', data: program },
        ],
      },
    });
    const warning =
      'The file "virus.exe" was omitted: files of type application/x-msdownload are not accepted.';
    expect(await client.next()).toMatchObject({ type: 'ack', warnings: [warning] });
    const file = { name: 'table.csv', field_name: 'files', mime_type: 'text/csv', data: text, size: 8 };
    expect(kept((await client.until('stream_end')).at(-1))).toMatchObject({ files: [file] });
    expect((await product.runsOf(connector.id, 1))[0]).toMatchObject({ warnings: [warning] });
    client.say({
      message: 'No file',
      files: [{ name: 'virus.exe', mime_type: 'application/x-msdownload', data: program }],
    });
    expect(kept((await client.until('stream_end')).at(-1))).not.toHaveProperty('files');
    client.socket.close();
  });

  test('may bring a file of the largest size, if the handshake had the secret', async () => {
    const client = await connect(await create({ streaming: false }));
    await client.next();
    const data = Buffer.alloc(maxFileBytes, 'x').toString('base64');
    client.say({ message: 'Large', files: [{ name: 'large.txt', mime_type: 'text/plain', data }] });
    expect(kept((await client.until('response')).at(-1))).toMatchObject({ files: [{ size: maxFileBytes }] });
    client.socket.close();
  });

  test.each([
    ['no JSON', 'Hello', 'The message is not valid JSON (line 1 column 1).'],
    ['a list', '[]', 'Send {"type": "message", "payload": {"message": "Hello"}}, or {"message": "Hello"}.'],
    [
      'of another type',
      '{"type":"hello"}',
      'Send {"type": "message", "payload": {"message": "Hello"}}, or {"message": "Hello"}.',
    ],
    [
      'without content',
      '{"text":"Hello"}',
      'Send {"type": "message", "payload": {"message": "Hello"}}, or {"message": "Hello"}.',
    ],
    [
      'with a bad id',
      '{"id":1.5,"message":"a"}',
      'The "id" of a message is a text of at most 200 characters, or a whole number.',
    ],
    [
      'with files of another form',
      '{"message":"a","files":["a.txt"]}',
      'The field "files" is a list of at most 10 files, each as {"name", "mime_type", "data"} with "data" in Base64.',
    ],
  ])('that is %s is refused in words, and the connection goes on', async (_what, text, detail) => {
    const client = await connect(await create());
    await client.next();
    client.send(text);
    expect(await client.next()).toEqual({ type: 'error', code: 'malformed', detail });
    client.say({ message: 'Hello' });
    expect(await client.next()).toMatchObject({ type: 'ack', message_number: 1 });
    client.socket.close();
  });

  test('beyond the limit of its connection ends it', async () => {
    const client = await connect(await create({ max_messages_per_session: 1 }));
    await client.next();
    client.say({ message: 'one' });
    await client.until('stream_end');
    client.say({ id: 'two', message: 'two' });
    expect(await client.next()).toEqual({
      type: 'error',
      id: 'two',
      code: 'message-limit',
      detail: 'This connection has reached its limit of 1 messages. Connect again.',
    });
    expect(await client.closed).toEqual({ code: 1008, reason: 'message-limit' });
  });

  test('of type ping is answered with pong, and counts as no message', async () => {
    const client = await connect(await create({ max_messages_per_session: 1 }));
    await client.next();
    for (let count = 0; count < 3; count++) {
      client.say({ type: 'ping' });
      expect(await client.next()).toEqual({ type: 'pong' });
    }
    client.socket.close();
  });
});

describe('a conversation', () => {
  test('is that of the connection, for agents without a session of their own', async () => {
    const connector = await create({}, ['talker']);
    const ada = await connect(connector);
    const grace = await connect(connector);
    for (const [client, text] of [
      [ada, 'My name is Ada.'],
      [grace, 'My name is Grace.'],
      [ada, 'What is my name?'],
    ] as const) {
      client.say({ message: text });
      await client.until('stream_end');
    }
    const asked = JSON.stringify(model.requests.at(-1)?.body);
    expect(asked).toContain('My name is Ada.');
    expect(asked).toContain('Nice to meet you.');
    expect(asked).not.toContain('Grace');
    // Models read what was said, and nothing about the connection.
    expect(asked).toContain('"text":"What is my name?"');
    expect(asked).not.toContain('connector_run_id');
    ada.socket.close();
    grace.socket.close();
    const again = await connect(connector);
    again.say({ message: 'And now?' });
    await again.until('stream_end');
    expect(JSON.stringify(model.requests.at(-1)?.body)).not.toContain('Ada');
    again.socket.close();
  });

  test('is that of the session, for agents that have one', async () => {
    const connector = await create({}, ['friend']);
    for (const text of ['I like violets.', 'What do I like?']) {
      const client = await connect(connector);
      client.say({ payload: { message: text, user: 'ada' } });
      await client.until('stream_end');
      client.socket.close();
    }
    expect(JSON.stringify(model.requests.at(-1)?.body)).toContain('I like violets.');
  });
});

describe('a client', () => {
  const unauthorized = {
    status: 401,
    code: 'unauthorized',
    detail: 'The connector does not exist, or the credentials are missing or wrong.',
  };

  test('proves that it knows the secret by a header, in the URL, or by its first message', async () => {
    const { url, secret, id } = await create();
    const bearer = clientOf(await connectSocket(url ?? '', { authorization: `Bearer ${secret}` }));
    expect(await bearer.next()).toMatchObject({ type: 'connected' });
    const query = clientOf(await connectSocket(`${url}?secret=${secret}`));
    expect(await query.next()).toMatchObject({ type: 'connected' });
    const late = clientOf(await connectSocket(url ?? ''));
    late.say({ secret });
    expect(await late.next()).toMatchObject({ type: 'connected' });
    // A client may send it once more.
    for (const client of [bearer, query, late]) {
      client.say({ secret });
      client.say({ message: 'Hello' });
      expect(await client.next()).toMatchObject({ type: 'ack' });
      client.socket.close();
    }
    expect(await product.countRuns(id)).toBe(3);
  });

  test('with a wrong secret is refused, and the connector has it in its history', async () => {
    const { url, id } = await create();
    const other = 'another-secret';
    expect(await refusalOf(connectSocket(url ?? '', { 'x-connic-secret': other }))).toEqual(unauthorized);
    expect(await refusalOf(connectSocket(`${url}?secret=${other}`))).toEqual(unauthorized);
    const refused = await eventually('the refusal', async () => {
      const { text } = await product.call('GET', `/refused-requests?connector=${id}`);
      return text.includes('unauthorized') && text;
    });
    expect(refused).not.toContain(other);
  });

  test.each([
    ['a wrong secret', { secret: 'wrong' }],
    ['a message', { message: 'Hello' }],
  ])('whose first message is %s is turned away', async (_what, said) => {
    const { url, id } = await create();
    const client = clientOf(await connectSocket(url ?? ''));
    client.say(said);
    const { code, detail } = unauthorized;
    expect(await client.next()).toEqual({ type: 'error', code, detail });
    expect(await client.closed).toEqual({ code: 1008, reason: 'unauthorized' });
    expect(await product.countRuns(id)).toBe(0);
  });

  test('needs no secret where the connector is open', async () => {
    const { url } = await create({ require_auth: false });
    const client = clientOf(await connectSocket(url ?? ''));
    expect(await client.next()).toMatchObject({ type: 'connected' });
    client.say({ message: 'Hello' });
    await client.until('stream_end');
    client.socket.close();
  });

  test('in a web page is let in where its origin is listed, or knows the secret and none is listed', async () => {
    const origin = 'https://app.example.com';
    const listed = await create({ allowed_origins: [origin] });
    const foreign = {
      status: 403,
      code: 'origin-not-allowed',
      detail: 'Web pages cannot connect to this connector, except from the origins in its "allowed_origins".',
    };
    const elsewhere = { origin: 'https://evil.example.com' };
    expect(await (await connect(listed, { origin })).next()).toMatchObject({ type: 'connected' });
    expect(await refusalOf(connect(listed, elsewhere))).toEqual(foreign);
    expect(await (await connect(await create(), elsewhere)).next()).toMatchObject({ type: 'connected' });
    const open = await create({ require_auth: false });
    expect(await refusalOf(connectSocket(open.url ?? '', elsewhere))).toEqual(foreign);
  });

  test('is refused by a connector that is disabled or has no agent, before and after it connected', async () => {
    const connector = await create();
    const client = await connect(connector);
    await client.next();
    await product.call('PATCH', `/connectors/${connector.id}`, { agents: [] });
    client.say({ id: 1, message: 'Hello' });
    const noAgents = { code: 'no-linked-agents', detail: 'This connector has no linked agents.' };
    expect(await client.next()).toEqual({ type: 'error', id: 1, ...noAgents });
    expect(await refusalOf(connect(connector))).toEqual({ status: 409, ...noAgents });
    await product.call('PATCH', `/connectors/${connector.id}`, { enabled: false });
    client.say({ id: 2, message: 'Hello' });
    const disabled = { code: 'connector-disabled', detail: 'This connector is disabled.' };
    expect(await client.next()).toEqual({ type: 'error', id: 2, ...disabled });
    expect(await refusalOf(connect(connector))).toEqual({ status: 423, ...disabled });
    client.socket.close();
  });

  test('is told at a restart to connect again', async () => {
    const stopping = await startChatProduct();
    const { url, secret } = await stopping.create({
      type: 'websocket',
      mode: 'sync',
      agents: ['keep'],
      config: {},
    });
    const client = clientOf(await connectSocket(url ?? '', { 'x-connic-secret': secret ?? '' }));
    await client.next();
    await stopping.stop();
    expect(await client.closed).toEqual({ code: 1012, reason: 'The service restarts. Connect again.' });
  });
});
