import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { websocket } from '../../src/connectors/websocket/index.ts';
import { createConnector } from '../../src/core/connectors/create-connector.ts';
import { awsClients } from '../../src/engines/aws/clients.ts';
import { eventually } from '../scenarios/eventually.ts';
import { removeAssemblies, templateOf } from '../stack/synthesized.ts';
import { connectSocket, RefusedHandshake } from '../websocket-client.ts';
import { type BundledFunction, startBundledFunction } from './bundled-function.ts';
import { requestedActions } from './permissions/requested-actions.ts';
import { createSocketQueue, pollQueue, type SocketGateway, startSocketGateway } from './socket-gateway.ts';
import { type TestEngine, testEngine } from './test-engine.ts';
import { startWatchedAccount, type WatchedAccount } from './watched-account.ts';

afterAll(removeAssemblies);

const message = z.looseObject({ type: z.string() });

let made: TestEngine;
let account: WatchedAccount;
let gateway: SocketGateway;
let answering: BundledFunction;
let executing: BundledFunction;
let keeping: BundledFunction;
let queueUrl: string;
let stopPolling: () => Promise<void>;
let kept = 0;
const deadLettersArn = 'arn:aws:sqs:us-east-1:000000000000:messages-dead.fifo';

beforeAll(async () => {
  made = await testEngine({ types: new Map([['websocket', websocket]]) });
  const { sqs } = awsClients();
  queueUrl = await createSocketQueue(sqs);
  account = await startWatchedAccount(process.env['AWS_ENDPOINT_URL']);
  gateway = await startSocketGateway(() => answering);
  const own = { SOCKET_QUEUE_URL: queueUrl, SOCKET_CALLBACK_URL: gateway.callbackUrl };
  [answering, executing, keeping] = await Promise.all([
    startBundledFunction('sockets', made.resources, account.endpoint, {
      ...own,
      AWS_SDK_UA_APP_ID: 'Sockets',
    }),
    startBundledFunction('socket-messages', made.resources, account.endpoint, {
      ...own,
      AWS_SDK_UA_APP_ID: 'SocketMessages',
    }),
    startBundledFunction('dead-letters', made.resources, account.endpoint, {
      SOCKET_CALLBACK_URL: gateway.callbackUrl,
      MESSAGE_DEAD_LETTERS_ARN: deadLettersArn,
    }),
  ]);
  stopPolling = pollQueue(sqs, queueUrl, () => executing);
});
afterAll(async () => {
  await stopPolling();
  await Promise.all([answering.stop(), executing.stop(), keeping.stop(), gateway.stop(), account.stop()]);
});

async function makeConnector() {
  const draft = {
    name: `Chat ${crypto.randomUUID()}`,
    type: 'websocket',
    mode: 'sync',
    agents: ['echo'],
  } as const;
  const created = await createConnector(made.engine, 'admin-token', { ...draft, config: {} });
  if (created.outcome !== 'created') throw new Error(JSON.stringify(created));
  const { connector, secret } = created;
  return { id: connector.id, secret: secret ?? '', url: `${gateway.url}/prod?connector=${connector.id}/ws` };
}

const runsOf = async (connectorId: string) =>
  (await made.engine.runs.list({ limit: 10, cursor: null, connectorId })).items;

/** Gives a message to the function that reads the queue of dead letters. */
async function keepDead(message: object): Promise<void> {
  const attributes = { ApproximateReceiveCount: '1', SentTimestamp: String(Date.now()) };
  const about = { messageId: `dead ${kept++}`, eventSource: 'aws:sqs', eventSourceARN: deadLettersArn };
  const record = { ...about, body: JSON.stringify(message), attributes, messageAttributes: {} };
  expect(await keeping.invoke({ Records: [record] })).toEqual({ batchItemFailures: [] });
}

const letterOf = async (connectorId: string) =>
  (await made.engine.deadLetters.list({ limit: 50, cursor: null })).items.find(
    (letter) => letter.connectorId === connectorId,
  );

async function connect(url: string, headers: Record<string, string> = {}) {
  const client = await connectSocket(url, headers);
  const next = async () => message.parse(JSON.parse(await client.next()));
  return {
    ...client,
    next,
    say: (said: unknown) => client.send(JSON.stringify(said)),
    async until(type: string) {
      const got = [await next()];
      while (got.at(-1)?.type !== type) got.push(await next());
      return got;
    },
  };
}

describe('a connection to API Gateway', () => {
  test('is answered message by message, in order, each a run', async () => {
    const { url, secret, id } = await makeConnector();
    const client = await connect(url, { 'x-connic-secret': secret });
    expect(await client.next()).toEqual({
      type: 'connected',
      connector_run_id: expect.any(String),
      agents: ['echo'],
    });
    for (const n of [1, 2, 3]) client.say({ message: `number ${n}` });
    for (const n of [1, 2, 3]) {
      const messages = await client.until('stream_end');
      expect(messages.map(({ type }) => type)).toEqual(['ack', 'stream_start', 'stream_chunk', 'stream_end']);
      expect(messages[0]).toMatchObject({ message_number: n });
      expect(messages[3]?.['full_response']).toContain(`number ${n}`);
    }
    expect((await runsOf(id)).map(({ status }) => status)).toEqual(['completed', 'completed', 'completed']);
    client.socket.close();
  });

  test('is authenticated by its first message, and closed where that is wrong', async () => {
    const { url, secret } = await makeConnector();
    const client = await connect(url);
    client.say({ secret });
    expect(await client.next()).toMatchObject({ type: 'connected' });
    client.socket.close();
    const stranger = await connect(url);
    stranger.say({ secret: 'wrong' });
    expect(await stranger.next()).toMatchObject({ type: 'error', code: 'unauthorized' });
    await stranger.closed;
  });

  test('is refused with the status of its reason', async () => {
    const { url } = await makeConnector();
    const refused = await connectSocket(`${url}&secret=wrong`).catch((thrown: unknown) => thrown);
    expect(refused).toBeInstanceOf(RefusedHandshake);
    expect(refused).toMatchObject({ status: 401 });
  });

  test('gets an answer that is larger than a message in pieces, and the run where even its end is too large', async () => {
    const { url, secret } = await makeConnector();
    const client = await connect(url, { 'x-connic-secret': secret });
    await client.next();
    // Each quote takes one byte more with every JSON text around it.
    client.say({ message: '"'.repeat(60_000) });
    const messages = await client.until('error');
    expect(messages.filter(({ type }) => type === 'stream_chunk').length).toBeGreaterThan(10);
    expect(messages.at(-1)).toMatchObject({
      code: 'too-large',
      detail: expect.stringMatching(/131072 bytes/),
    });
    expect(Math.max(...gateway.commands.map(({ bytes }) => bytes))).toBeLessThanOrEqual(128 * 1024);
    client.socket.close();
  });

  test('brings a message a second time, which starts no second run and is answered again', async () => {
    const { url, secret, id } = await makeConnector();
    const client = await connect(url, { 'x-connic-secret': secret });
    await client.next();
    const gatewayId = gateway.connectionIds().at(-1);
    const text = '{"message":"Hello"}';
    const body = JSON.stringify({ kind: 'message', gatewayId, messageId: 'twice', text, at: Date.now() });
    const record = {
      messageId: 'a',
      body,
      attributes: { ApproximateReceiveCount: '1' },
      eventSource: 'aws:sqs',
    };
    const first = executing.invoke({ Records: [record] });
    const [ack] = await client.until('stream_end');
    await first;
    await executing.invoke({ Records: [record] });
    expect((await client.until('stream_end'))[0]).toMatchObject({ run_ids: ack?.['run_ids'] });
    expect(await runsOf(id)).toHaveLength(1);
    client.socket.close();
  });

  test('is closed where its message could not be answered, and that becomes a dead letter, whose retry executes it', async () => {
    const { url, secret, id } = await makeConnector();
    const client = await connect(url, { 'x-connic-secret': secret });
    await client.next();
    const gatewayId = gateway.connectionIds().at(-1) ?? '';
    await keepDead({
      kind: 'message',
      gatewayId,
      messageId: 'dead',
      text: '{"message":"Late"}',
      at: Date.now(),
    });
    await client.closed;
    expect(gateway.commands.at(-1)).toMatchObject({ method: 'DELETE' });
    const letter = await letterOf(id);
    expect(letter).toMatchObject({
      source: 'take-message',
      runId: null,
      reason:
        'The message of a WebSocket connection could not be answered after all retries. The connection was closed.',
    });
    expect(await runsOf(id)).toEqual([]);
    const withQueue = made.another({ socketQueueUrl: queueUrl });
    expect(await withQueue.deadLetters.retry(letter?.deadLetterId ?? '')).toBe(true);
    await eventually('the run', async () => (await runsOf(id))[0]?.status === 'completed');
    expect(await letterOf(id)).toBeUndefined();
  });

  test('that its client has left before its message was kept, or that has no API any more, takes back no dead letter', async () => {
    const { url, secret, id } = await makeConnector();
    const client = await connect(url, { 'x-connic-secret': secret });
    await client.next();
    const gatewayId = gateway.connectionIds().at(-1) ?? '';
    const message = { kind: 'message', messageId: 'late', text: '{"message":"Late"}', at: Date.now() };
    await keepDead({ ...message, gatewayId });
    await keepDead({ ...message, gatewayId: 'gone=' });
    const letters = (await made.engine.deadLetters.list({ limit: 50, cursor: null })).items;
    const gone = letters.find((letter) => JSON.stringify(letter.body).includes('gone='));
    expect(gone).toMatchObject({ connectorId: null });
    await expect(made.engine.deadLetters.retry(gone?.deadLetterId ?? '')).rejects.toThrow(
      'The client had left before this message was kept, so its connection is unknown. The client can send it again.',
    );
    await expect(made.engine.deadLetters.retry((await letterOf(id))?.deadLetterId ?? '')).rejects.toThrow(
      'This deployment has no API for connections. Deploy with the setting websocket=true, then retry.',
    );
  });

  test('is closed where its client could not be greeted, so that it connects again', async () => {
    const { url, secret, id } = await makeConnector();
    const client = await connect(url, { 'x-connic-secret': secret });
    await client.next();
    await keepDead({ kind: 'opened', gatewayId: gateway.connectionIds().at(-1) });
    await client.closed;
    expect(await letterOf(id)).toBeUndefined();
  });

  test('leaves nothing when it ends', async () => {
    const { url, secret } = await makeConnector();
    const client = await connect(url, { 'x-connic-secret': secret });
    await client.next();
    client.socket.close();
    await eventually('the connection to be removed', async () =>
      account.calls.some(({ name, status }) => name === 'DynamoDB DeleteItem' && status === 200),
    );
  });
});

test('a connector with connections is refused where the deployment has no API for them, in words that say so', async () => {
  const without = made.another({ deployed: () => [] });
  const draft = { name: 'Chat', type: 'websocket', mode: 'sync', agents: ['echo'], config: {} } as const;
  const refused = await createConnector(without, 'admin-token', draft);
  expect(JSON.stringify(refused)).toContain('Deploy with the setting websocket=true, or use a sync webhook.');
});

/** What a role allows, without what Lambda's own logging and polling do in its name. */
function allowedTo(name: string): Set<string> {
  const own = Object.entries(templateOf({ websocket: true }).findResources('AWS::IAM::Policy')).filter(
    ([id]) => new RegExp(`Functions${name}Role`).test(id),
  );
  const statements = own.flatMap(([, { Properties }]) => policy.parse(Properties).PolicyDocument.Statement);
  const actions = statements.flatMap(({ Action }) => Action);
  const byLambda =
    /^(logs:|sqs:(ReceiveMessage|DeleteMessage|ChangeMessageVisibility|GetQueueAttributes|GetQueueUrl)$)/;
  return new Set(actions.filter((action) => !byLambda.test(action)));
}

const policy = z.object({
  PolicyDocument: z.object({
    Statement: z.array(z.object({ Action: z.union([z.string(), z.array(z.string())]) })),
  }),
});

/** Sending to a client is allowed by another action, which `socket-gateway.ts` does not ask for. */
const toClients = 'execute-api:ManageConnections';

/** What only large payloads, refused secrets, and runs that wait for their turn need. */
const rare = [
  // Only for runs that waited in a hold or for a place.
  'dynamodb:DeleteItem',
  's3:GetObject',
  's3:PutObject',
  'secretsmanager:GetSecretValue',
  'sqs:SendMessage',
];

const home = { region: 'us-east-1', account: '000000000000' };

describe('the calls of the functions', () => {
  test.each(['Sockets', 'SocketMessages'])('of %s are what its role allows, and all of it', (name) => {
    const calls = account.calls.filter(({ caller }) => caller === name);
    const called = new Set(calls.flatMap((call) => requestedActions(call, home).map(({ action }) => action)));
    const allowed = allowedTo(name);
    expect([...called].filter((action) => !allowed.has(action))).toEqual([]);
    const unused = [...allowed].filter((action) => !called.has(action) && !rare.includes(action));
    expect(unused).toEqual(name === 'SocketMessages' ? [toClients] : []);
  });
});
