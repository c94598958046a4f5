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
import { adminToken, type RunningProduct, runProduct } from '../running-product.ts';
import { eventually } from '../scenarios/eventually.ts';
import { type Operator, operatorOf } from '../scenarios/operator.ts';
import * as wire from '../scenarios/wire.ts';
import { type QueueFront, startQueueFront } from './queue-front.ts';

/* Queues of an emulated account, and the embedded engine that reads them and sends to them. */

const sqs = new SQSClient({ useQueueUrlAsEndpoint: false });
let product: RunningProduct;
let operator: Operator;
let front: QueueFront;
/** A request that is broken off may still be answered, and hides a message until its visibility timeout ends. */
const shortVisibility = { visibility_timeout: 6, wait_time: 1 };
let queues = 0;

beforeAll(async () => {
  front = await startQueueFront(process.env['AWS_ENDPOINT_URL'] ?? '');
  product = await runProduct();
  operator = operatorOf({ baseUrl: product.baseUrl, token: adminToken });
});
afterAll(async () => {
  await product.stop();
  await front.stop();
});

/** Makes a queue; its URL leads to the account by the front. */
async function newQueue(attributes: Record<string, string> = {}): Promise<string> {
  const suffix = attributes['FifoQueue'] === 'true' ? '.fifo' : '';
  const QueueName = `embedded-${process.pid}-${++queues}${suffix}`;
  await sqs.send(new CreateQueueCommand({ QueueName, Attributes: attributes }));
  return `${front.url}/000000000000/${QueueName}`;
}

async function read(queueUrl: string, agents: readonly string[], config = {}): Promise<string> {
  return create({ mode: 'inbound', agents, config: { queue_url: queueUrl, ...config } });
}

async function create(draft: object): Promise<string> {
  const answer = await operator.call('POST', '/connectors', {
    name: crypto.randomUUID(),
    type: 'sqs',
    ...draft,
  });
  if (answer.status !== 201) throw new Error(`Answered ${answer.status}: ${answer.text}`);
  return z.looseObject({ id: z.uuid() }).parse(answer.json).id;
}

function send(QueueUrl: string, MessageBody: string, others = {}) {
  return sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, ...others }));
}

/** All runs of a connector, once there are that many and all have ended. */
function endedRuns(connectorId: string, count: number) {
  return eventually(`${count} ended runs`, async () => {
    const runs = await operator.all(wire.runSummary, `/runs?connector=${connectorId}`);
    if (runs.length > count) throw new Error(`${runs.length} runs in place of ${count}.`);
    return runs.length === count && runs.every(({ ended_at }) => ended_at !== null) && runs;
  });
}

const state = z.looseObject({
  status: z.string(),
  last_error: z.object({ message: z.string() }).nullable(),
});

function stateWhen(connectorId: string, status: string) {
  return eventually(`the source to be ${status}`, async () => {
    const answer = await operator.call('GET', `/connectors/${connectorId}/state`);
    const found = state.parse(answer.json);
    return found.status === status && found;
  });
}

/** Whether nothing is in the queue any more, neither waiting nor read. */
async function isEmpty(QueueUrl: string): Promise<boolean> {
  const counts = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...counts] }),
  );
  return counts.every((name) => Number(Attributes[name]) === 0);
}

describe('a message of a queue', () => {
  test('starts one run of every linked agent with its fields and what SQS says of it, and is deleted', async () => {
    const queueUrl = await newQueue();
    const connector = await read(queueUrl, ['shout', 'echo']);
    const MessageAttributes = { kind: { DataType: 'String', StringValue: 'order' } };
    const { MessageId } = await send(queueUrl, '{"total":99.5}', { MessageAttributes });
    const runs = await endedRuns(connector, 2);
    expect(runs.map(({ agent_name }) => agent_name).sort()).toEqual(['echo', 'shout']);
    const { payload } = await operator.run(runs[0]?.run_id ?? '');
    expect(payload).toMatchObject({
      total: 99.5,
      _sqs: {
        message_id: MessageId,
        queue_url: queueUrl,
        approximate_receive_count: 1,
        sent_timestamp: expect.any(Number),
        receipt_handle: expect.any(String),
        attributes: { kind: 'order' },
      },
    });
    await eventually('the message to be deleted', () => isEmpty(queueUrl));
  });

  test('that comes again because it could not be deleted starts nothing', async () => {
    const queueUrl = await newQueue();
    await send(queueUrl, 'once');
    // Another reader takes it first, and lets it appear again.
    await sqs.send(new ReceiveMessageCommand({ QueueUrl: queueUrl, VisibilityTimeout: 0 }));
    const connector = await read(queueUrl, ['echo']);
    const [run] = await endedRuns(connector, 1);
    const found = await operator.run(run?.run_id ?? '');
    expect(found.payload).toMatchObject({ message: 'once', _sqs: { approximate_receive_count: 2 } });
  });

  test('of one queue goes to one of its connectors, and of two queues to each of theirs', async () => {
    const [one, other] = [await newQueue(), await newQueue()];
    const connectors = [await read(one, ['echo']), await read(other, ['echo'])];
    await send(one, '"for one"');
    await send(other, '"for the other"');
    const payloads = await Promise.all(
      connectors.map(async (id) => {
        const [run] = await endedRuns(id, 1);
        return (await operator.run(run?.run_id ?? '')).payload;
      }),
    );
    expect(payloads).toMatchObject([{ message: 'for one' }, { message: 'for the other' }]);
  });

  test('among a burst of 300 starts its run as each of the others does', async () => {
    const queueUrl = await newQueue();
    const connector = await read(queueUrl, ['echo'], { max_messages: 10 });
    for (let batch = 0; batch < 30; batch++) {
      const Entries = Array.from({ length: 10 }, (_, n) => ({
        Id: `${n}`,
        MessageBody: `${batch * 10 + n}`,
      }));
      await sqs.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
    }
    await endedRuns(connector, 300);
    await eventually('the queue to be empty', () => isEmpty(queueUrl));
  });

  test('waits while its connector is disabled', async () => {
    const queueUrl = await newQueue();
    const connector = await read(queueUrl, ['echo'], shortVisibility);
    await stateWhen(connector, 'running');
    await operator.change(connector, { enabled: false });
    await stateWhen(connector, 'stopped');
    await send(queueUrl, 'later');
    expect(await isEmpty(queueUrl)).toBe(false);
    await operator.change(connector, { enabled: true });
    await endedRuns(connector, 1);
  });
});

describe('a queue that', () => {
  test('is away is read again once it is back', async () => {
    const queueUrl = await newQueue();
    const connector = await read(queueUrl, ['echo'], { wait_time: 1 });
    await stateWhen(connector, 'running');
    front.treatment = 'away';
    const { last_error } = await stateWhen(connector, 'failing');
    front.treatment = 'pass';
    // Jest has errors of its own: there the SDK does not know the one of Node, and wraps it.
    expect(last_error?.message).toMatch(/The server closed the connection\.|socket hang up\.$/);
    await send(queueUrl, 'after the outage');
    await endedRuns(connector, 1);
    await stateWhen(connector, 'running');
  });

  test('does not take the credentials says so in the words of AWS', async () => {
    const queueUrl = await newQueue();
    front.treatment = 'denies';
    const connector = await read(queueUrl, ['echo']);
    const { last_error } = await stateWhen(connector, 'failing');
    front.treatment = 'pass';
    expect(last_error?.message).toBe(
      'InvalidClientTokenId: The security token included in the request is invalid.',
    );
  });

  test('does not exist is found out by a test before the connector is made', async () => {
    const queueUrl = `${front.url}/000000000000/nowhere`;
    const draft = { mode: 'inbound', config: { queue_url: queueUrl } };
    const answer = await operator.call('POST', '/connector-types/sqs/test', draft);
    expect(answer.text).toMatch(/QueueDoesNotExist|NonExistentQueue/);
  });

  test('has messages is tested without taking any', async () => {
    const queueUrl = await newQueue();
    await send(queueUrl, 'stays');
    const draft = { mode: 'inbound', config: { queue_url: queueUrl } };
    const answer = await operator.call('POST', '/connector-types/sqs/test', draft);
    expect(answer.text).toContain('The queue exists; about 1 message waits in it.');
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: queueUrl,
        MessageSystemAttributeNames: ['ApproximateReceiveCount'],
      }),
    );
    expect(Messages).toMatchObject([{ Body: 'stays', Attributes: { ApproximateReceiveCount: '1' } }]);
  });
});

describe('the result of a run', () => {
  async function results(QueueUrl: string) {
    return eventually('a result', async () => {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({
          QueueUrl,
          WaitTimeSeconds: 1,
          MessageSystemAttributeNames: ['All'],
          MessageAttributeNames: ['All'],
        }),
      );
      return Messages.length > 0 && Messages;
    });
  }

  const write = (queueUrl: string, agents: readonly string[]) =>
    create({ mode: 'outbound', agents, config: { queue_url: queueUrl } });

  test('is sent as the envelope of the run, with the id of its delivery', async () => {
    const queueUrl = await newQueue();
    await write(queueUrl, ['annotate']);
    const runId = await operator.startRun('annotate', { order: 7 });
    const [message] = await results(queueUrl);
    const { delivery_id: id } = await operator.deliveryOf(runId, ({ status }) => status === 'delivered');
    expect(JSON.parse(message?.Body ?? '')).toMatchObject({ run_id: runId, status: 'completed' });
    expect(message?.MessageAttributes).toMatchObject({ 'delivery-id': { StringValue: id } });
  });

  test('goes to the group of its message in a FIFO queue, and to one of its agent where it has none', async () => {
    const fifo = { FifoQueue: 'true' };
    const [inbound, outbound] = [await newQueue(fifo), await newQueue(fifo)];
    await read(inbound, ['shout']);
    await write(outbound, ['shout']);
    await send(inbound, '{"message":"a"}', { MessageGroupId: 'order-7', MessageDeduplicationId: '1' });
    const [first] = await results(outbound);
    expect(first?.Attributes).toMatchObject({ MessageGroupId: 'order-7' });
    const runId = await operator.startRun('shout', { message: 'b' });
    const { delivery_id: id } = await operator.deliveryOf(runId, ({ status }) => status === 'delivered');
    const [second] = await results(outbound);
    expect(second?.Attributes).toMatchObject({ MessageGroupId: 'shout', MessageDeduplicationId: id });
  });

  test('that the queue does not take is tried again, and its delivery has the words of AWS', async () => {
    await write(`${front.url}/000000000000/gone`, ['count']);
    const runId = await operator.startRun('count', { message: 'a' });
    const { attempts, status } = await operator.deliveryOf(runId, (delivery) => delivery.attempts.length > 0);
    expect(status).toBe('pending');
    expect(JSON.stringify(attempts)).toMatch(/QueueDoesNotExist|NonExistentQueue/);
  });
});
