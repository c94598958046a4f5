import { join } from 'node:path';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  SendMessageBatchCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import * as z from 'zod';
import { type ProductProcess, startProduct } from '../product-process.ts';
import { eventually } from '../scenarios/eventually.ts';
import { operatorOf } from '../scenarios/operator.ts';
import * as wire from '../scenarios/wire.ts';

/* A process that is killed while it reads a queue, again and again. */

const kills = Number(process.env['KILLS'] ?? 3);
const count = 400;
const token = 'killed-readers-token';
const account = process.env['AWS_ENDPOINT_URL'] ?? '';
const accessKey = { access_key_id: 'AKIAIOSFODNN7EXAMPLE', secret_access_key: 'a secret access key' };
const sqs = new SQSClient({ useQueueUrlAsEndpoint: false });
let product: ProductProcess;

beforeAll(async () => {
  const projectDir = join(import.meta.dirname, '../scenarios/project');
  product = await startProduct({ projectDir, token, env: { ALLOW_PRIVATE_TARGETS: '1' } });
}, 60_000);
afterAll(() => product.remove());

test('kills between a queue and the store lose no message, and start no run twice', async () => {
  const QueueName = `killed-${process.pid}`;
  await sqs.send(new CreateQueueCommand({ QueueName }));
  const QueueUrl = `${account}/000000000000/${QueueName}`;
  const operator = operatorOf({ baseUrl: product.url, token });
  // What a killed process has read appears again after the shortest time.
  const config = { queue_url: QueueUrl, visibility_timeout: 6, wait_time: 1, ...accessKey };
  const draft = { name: 'queue', type: 'sqs', mode: 'inbound', agents: ['echo'], config };
  const answer = await operator.call('POST', '/connectors', draft);
  const { id } = z.looseObject({ id: z.uuid() }).parse(answer.json);
  for (let sent = 0; sent < count; sent += 10) {
    const Entries = Array.from({ length: 10 }, (_, n) => ({ Id: `${n}`, MessageBody: `{"n":${sent + n}}` }));
    await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    if (sent % (count / kills) >= 10 || sent === 0) continue;
    await product.stop('SIGKILL');
    await product.start();
  }
  const runs = await eventually('all runs', async () => {
    const found = await operator.all(wire.runSummary, `/runs?connector=${id}`);
    return found.length >= count && found;
  });
  await eventually('an empty queue', async () => {
    const names = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
    const { Attributes = {} } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...names] }),
    );
    return names.every((name) => Number(Attributes[name]) === 0);
  });
  expect(runs).toHaveLength(count);
  const payloads = await Promise.all(runs.map(({ run_id }) => operator.run(run_id)));
  const numbers = payloads.map(({ payload }) => z.looseObject({ n: z.int() }).parse(payload).n);
  expect(new Set(numbers).size).toBe(count);
});
