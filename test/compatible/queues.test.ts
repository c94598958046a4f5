import { join } from 'node:path';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { type ProductProcess, startProduct } from '../product-process.ts';
import { eventually } from '../scenarios/eventually.ts';
import { killBetween } from '../scenarios/kill-between.ts';
import { operatorOf } from '../scenarios/operator.ts';
import * as wire from '../scenarios/wire.ts';
import { accessKey, type JavaServer, startQueueServer } from './java-server.ts';

/* Queues of ElasticMQ, which the embedded engine reads and writes. */

const token = 'queues-admin-token-3e07';
let server: JavaServer;
let product: ProductProcess;
let sqs: SQSClient;
let queues = 0;

beforeAll(async () => {
  const projectDir = join(import.meta.dirname, '../scenarios/project');
  [server, product] = await Promise.all([
    startQueueServer(),
    startProduct({ projectDir, token, env: { LOG_LEVEL: 'warn', ALLOW_PRIVATE_TARGETS: '1' } }),
  ]);
  const { access_key_id: accessKeyId, secret_access_key: secretAccessKey } = accessKey;
  const credentials = { accessKeyId, secretAccessKey };
  sqs = new SQSClient({ endpoint: server.url, region: 'us-east-1', credentials });
});
afterAll(async () => {
  await product?.remove();
  await server?.remove();
});

const operator = operatorOf({
  token,
  get baseUrl() {
    return product.url;
  },
});

async function newQueue(name = `queue-${++queues}`): Promise<string> {
  const Attributes = name.endsWith('.fifo') ? { FifoQueue: 'true' } : {};
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes }));
  return QueueUrl;
}

async function create(mode: string, queueUrl: string, agent: string, config = {}): Promise<string> {
  const answer = await operator.call('POST', '/connectors', {
    name: crypto.randomUUID(),
    type: 'sqs',
    mode,
    agents: [agent],
    config: { queue_url: queueUrl, region: 'us-east-1', ...accessKey, ...config },
  });
  if (answer.status !== 201) throw new Error(`Answered ${answer.status}: ${answer.text}`);
  return z.looseObject({ id: z.uuid() }).parse(answer.json).id;
}

async function send(QueueUrl: string, bodies: readonly string[]): Promise<void> {
  for (let from = 0; from < bodies.length; from += 10) {
    const Entries = bodies.slice(from, from + 10).map((MessageBody, n) => ({ Id: `${n}`, MessageBody }));
    await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
  }
}

const numbers = (from: number, count: number) =>
  Array.from({ length: count }, (_, index) => JSON.stringify({ n: from + index }));

/** Waits until nothing is in the queue any more, neither waiting nor read: then all runs are stored. */
const emptied = (QueueUrl: string) =>
  eventually('an empty queue', async () => {
    const names = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
    const asked = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...names] });
    const { Attributes = {} } = await sqs.send(asked);
    return names.every((name) => Number(Attributes[name]) === 0);
  });

const runsOf = (id: string) => operator.all(wire.runSummary, `/runs?connector=${id}`);

const stateWhen = (id: string, status: string) =>
  eventually(`the source to be ${status}`, async () => {
    const found = (await operator.call('GET', `/connectors/${id}/state`)).json;
    return Object(found).status === status && Object(found);
  });

describe('a queue', () => {
  test('with a burst of 10,000 messages starts one run for each', async () => {
    const queueUrl = await newQueue();
    await send(queueUrl, numbers(0, 10_000));
    const startedAt = Date.now();
    const id = await create('inbound', queueUrl, 'echo');
    await emptied(queueUrl);
    process.stderr.write(`10,000 messages were stored within ${Date.now() - startedAt} ms\n`);
    expect(await runsOf(id)).toHaveLength(10_000);
  });

  test('of a process that is killed again and again loses no message, and starts no run twice', async () => {
    const queueUrl = await newQueue();
    // What a killed process has read appears again after the shortest time.
    const id = await create('inbound', queueUrl, 'echo', { visibility_timeout: 6, wait_time: 1 });
    const kills = await killBetween(product, (kill) => send(queueUrl, numbers(kill * 40, 40)));
    await emptied(queueUrl);
    const runs = await runsOf(id);
    const payloads = await Promise.all(runs.map(({ run_id }) => operator.run(run_id)));
    const found = payloads.map(({ payload }) => z.looseObject({ n: z.int() }).parse(payload).n);
    expect(found.sort((one, other) => one - other)).toEqual(
      Array.from({ length: kills * 40 }, (_, index) => index),
    );
  });

  test('that is away is told by the state, and read on when it is back', async () => {
    const queueUrl = await newQueue('back');
    const id = await create('inbound', queueUrl, 'echo', { wait_time: 1 });
    await stateWhen(id, 'running');
    await server.stop();
    expect(await stateWhen(id, 'failing')).toMatchObject({
      last_error: { message: expect.stringMatching(/\.$/) },
    });
    await server.start();
    await send(await newQueue('back'), ['{"n":1}']);
    await emptied(queueUrl);
    expect(await runsOf(id)).toHaveLength(1);
    await stateWhen(id, 'running');
  });

  test('goes on after a message that is nested deeper than any program reads', async () => {
    const queueUrl = await newQueue();
    const deep = '['.repeat(50_000) + ']'.repeat(50_000);
    await send(queueUrl, [deep, '{"n":1}']);
    const id = await create('inbound', queueUrl, 'echo');
    await emptied(queueUrl);
    const runs = await runsOf(id);
    const whole = await Promise.all(runs.map(({ run_id }) => operator.run(run_id)));
    expect(whole.map(({ payload }) => Object(payload).n)).toContain(1);
  });

  test('that does not exist is named by a test', async () => {
    const config = { queue_url: `${server.url}/000000000000/nowhere`, region: 'us-east-1', ...accessKey };
    const answer = await operator.call('POST', '/connector-types/sqs/test', { mode: 'inbound', config });
    expect(answer.text).toMatch(/QueueDoesNotExist|NonExistentQueue/);
  });
});

test('a result goes to a FIFO queue in the group of its message, once', async () => {
  const [inbound, outbound] = [await newQueue('in.fifo'), await newQueue('out.fifo')];
  await create('inbound', inbound, 'shout');
  await create('outbound', outbound, 'shout');
  const message = { MessageBody: '{"message":"a"}', MessageGroupId: 'order-7', MessageDeduplicationId: '1' };
  await sqs.send(new SendMessageCommand({ QueueUrl: inbound, ...message }));
  const [result, ...others] = await eventually('a result', async () => {
    const asked = {
      WaitTimeSeconds: 1,
      MessageSystemAttributeNames: ['All' as const],
      MaxNumberOfMessages: 10,
    };
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: outbound, ...asked }));
    return Messages.length > 0 && Messages;
  });
  expect(others).toEqual([]);
  expect(result?.Attributes).toMatchObject({ MessageGroupId: 'order-7' });
});
