import {
  CreateApiDestinationCommand,
  CreateConnectionCommand,
  PutRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  PutBucketNotificationConfigurationCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { CreateScheduleGroupCommand } from '@aws-sdk/client-scheduler';
import { CreateQueueCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { s3 as s3Type } from '../../src/connectors/s3/index.ts';
import { createConnector } from '../../src/core/connectors/create-connector.ts';
import { type AwsClients, awsClients } from '../../src/engines/aws/clients.ts';
import { openSources } from '../../src/engines/aws/ways/open-sources.ts';
import { takeRuleEvent } from '../../src/engines/aws/ways/rule/take-rule-event.ts';
import { adminToken, type RunningProduct, runProduct } from '../running-product.ts';
import { eventually } from '../scenarios/eventually.ts';
import { type Operator, operatorOf } from '../scenarios/operator.ts';
import * as wire from '../scenarios/wire.ts';
import { testEngine } from './test-engine.ts';

/* Buckets of an emulated account, whose events come to the embedded engine by an API destination, and to AWS by a rule. */

const account = process.env['AWS_ENDPOINT_URL'] ?? '';
const bucket = `uploads-${process.pid}`;
let clients: AwsClients;
let s3: S3Client;
let product: RunningProduct;
let operator: Operator;

beforeAll(async () => {
  clients = awsClients();
  s3 = await clients.s3();
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  const NotificationConfiguration = { EventBridgeConfiguration: {} };
  await s3.send(new PutBucketNotificationConfigurationCommand({ Bucket: bucket, NotificationConfiguration }));
  product = await runProduct();
  operator = operatorOf({ baseUrl: product.baseUrl, token: adminToken });
});
afterAll(() => product.stop());

async function connect(config = {}, agents: readonly string[] = ['echo']) {
  const created = await operator.createConnector({
    type: 's3',
    mode: 'inbound',
    agents,
    config: { bucket, region: 'us-east-1', endpoint: account, ...config },
  });
  return { ...created, url: created.url ?? '' };
}

type Called = Awaited<ReturnType<typeof connect>>;

/** Has the bus send the events of a prefix to a connector, as the docs say. */
async function sendEvents(connector: Called, prefix: string): Promise<void> {
  const bridge = await clients.eventBridge();
  const Name = `to-${connector.id}`;
  const connection = await bridge.send(
    new CreateConnectionCommand({
      Name,
      AuthorizationType: 'API_KEY',
      AuthParameters: {
        ApiKeyAuthParameters: { ApiKeyName: 'X-Connic-Secret', ApiKeyValue: connector.secret },
      },
    }),
  );
  const destination = await bridge.send(
    new CreateApiDestinationCommand({
      Name,
      ConnectionArn: connection.ConnectionArn,
      InvocationEndpoint: connector.url,
      HttpMethod: 'POST',
    }),
  );
  const EventPattern = JSON.stringify({
    source: ['aws.s3'],
    detail: { bucket: { name: [bucket] }, object: { key: [{ prefix }] } },
  });
  await bridge.send(new PutRuleCommand({ Name, EventPattern }));
  const Targets = [
    { Id: '1', Arn: destination.ApiDestinationArn, RoleArn: 'arn:aws:iam::000000000000:role/r' },
  ];
  await bridge.send(new PutTargetsCommand({ Rule: Name, Targets }));
}

const put = (Key: string, Body: string | Uint8Array, ContentType = 'text/plain') =>
  s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body, ContentType }));

async function runOf({ id }: Called) {
  const [found] = await eventually('the run', async () => {
    const runs = await operator.all(wire.runSummary, `/runs?connector=${id}`);
    return runs.length > 0 && runs;
  });
  return operator.run(found?.run_id ?? '');
}

/** Posts the event of a new object, as an API destination does. */
async function tell(connector: Called, key: string, size: number) {
  const event = {
    version: '0',
    id: '1',
    'detail-type': 'Object Created',
    source: 'aws.s3',
    time: '2026-01-01T00:00:00Z',
    region: 'us-east-1',
    detail: { bucket: { name: bucket }, object: { key, size, sequencer: '1' }, reason: 'PutObject' },
  };
  const headers = { 'content-type': 'application/json', 'x-connic-secret': connector.secret };
  return fetch(connector.url, { method: 'POST', headers, body: JSON.stringify(event) });
}

describe('a new object', () => {
  test('starts a run with its content, by an API destination of EventBridge', async () => {
    const connector = await connect({ include_content: true, suffix: '.txt' });
    await sendEvents(connector, 'text/');
    await put('text/red flower+1 ä.txt', 'Grüße');
    const { payload, warnings } = await runOf(connector);
    expect(warnings).toEqual([]);
    expect(payload).toMatchObject({
      bucket,
      key: 'text/red flower+1 ä.txt',
      size: 7,
      event_name: 'ObjectCreated:Put',
      content: { text: 'Grüße', content_type: 'text/plain', size_bytes: 7, encoding: 'utf-8' },
      _s3: { event_source: 'aws.s3', aws_region: 'us-east-1' },
    });
  });

  test('that is not text comes as Base64', async () => {
    const connector = await connect({ include_content: true });
    await put('binary', Uint8Array.of(0xff, 0xd8, 0), 'image/jpeg');
    expect((await tell(connector, 'binary', 3)).status).toBe(200);
    expect((await runOf(connector)).payload).toMatchObject({
      content: { text: '/9gA', content_type: 'image/jpeg', size_bytes: 3, encoding: 'base64' },
    });
  });

  test.each([
    ['gone', 5, 'it does not exist any more'],
    ['large', 2_000_000, 'it is larger than 1 MB (max_file_size_mb)'],
  ])('that is %s starts a run without content, and with a warning', async (key, size, why) => {
    const connector = await connect({ include_content: true, max_file_size_mb: 1 });
    await put('large', 'x'.repeat(2_000_000));
    expect((await tell(connector, key, size)).status).toBe(200);
    const { payload, warnings } = await runOf(connector);
    expect(payload).not.toHaveProperty('content');
    expect(warnings).toEqual([`The content of "${key}" is left out: ${why}.`]);
  });

  test('of which the event has no size is not read where it is too large', async () => {
    const connector = await connect({ include_content: true, max_file_size_mb: 1 });
    await put('large', 'x'.repeat(2_000_000));
    expect((await tell(connector, 'large', 0)).status).toBe(200);
    expect((await runOf(connector)).warnings).toEqual([expect.stringContaining('larger than 1 MB')]);
  });

  test('is asked for again while the bucket is away, and nothing is started', async () => {
    const connector = await connect({ include_content: true, endpoint: 'http://127.0.0.1:1' });
    expect((await tell(connector, 'binary', 3)).status).toBe(503);
    expect(await operator.all(wire.runSummary, `/runs?connector=${connector.id}`)).toEqual([]);
  });
});

describe('a bucket', () => {
  const tested = async (config: object) => {
    const draft = { mode: 'inbound', config: { bucket, region: 'us-east-1', endpoint: account, ...config } };
    return (await operator.call('POST', '/connector-types/s3/test', draft)).text;
  };

  test('is tested before its connector is made', async () => {
    await put('first', 'x');
    expect(await tested({ include_content: true })).toContain('its objects can be read');
    expect(await tested({ include_content: true, prefix: 'nothing/' })).toContain('no objects to read yet');
    expect(await tested({ include_content: true, bucket: 'no-such-bucket-1' })).toContain('NoSuchBucket');
    expect(await tested({})).toContain('needs no access to the bucket');
  });
});

describe('a deployment with rules', () => {
  test('makes a rule for the bucket, and starts runs of what it sends', async () => {
    const made = await testEngine({ types: new Map([[s3Type.name, s3Type]]) });
    made.now = Date.now();
    const { tableName } = made.resources;
    await (await clients.scheduler()).send(new CreateScheduleGroupCommand({ Name: tableName }));
    const { QueueUrl } = await clients.sqs.send(new CreateQueueCommand({ QueueName: `${tableName}-events` }));
    const arn = (name: string) => `arn:aws:sqs:us-east-1:000000000000:${tableName}-${name}`;
    const rules = {
      prefix: `${tableName}-`,
      buses: ['default'],
      eventQueueArn: arn('events'),
      deadLetterQueueArn: arn('dead'),
    };
    const schedules = { groupName: tableName, roleArn: '', tickQueueArn: '', deadLetterQueueArn: '' };
    const engine = made.another({ sources: openSources({ tableName, schedules, rules }) });
    const config = { bucket, prefix: 'ruled/', suffix: '.txt', include_content: true };
    const draft = { name: 'uploads', type: 's3', mode: 'inbound', config, agents: ['echo'] } as const;
    const created = await createConnector(engine, 'test', draft);
    if (created.outcome !== 'created') throw new Error(created.detail);
    await put('ruled/other.png', 'x');
    await put('ruled/a.txt', 'by a rule');
    const { Messages = [] } = await eventually('the event', async () => {
      const received = await clients.sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 1 }));
      return received.Messages !== undefined && received;
    });
    for (const { Body = '' } of Messages) await takeRuleEvent(engine, Body);
    const { items } = await engine.runs.list({ connectorId: created.connector.id, limit: 10, cursor: null });
    const runs = await Promise.all(items.map(({ runId }) => engine.runs.get(runId)));
    expect(runs.map((run) => run?.payload.value)).toMatchObject([
      { key: 'ruled/a.txt', content: { text: 'by a rule' } },
    ]);
    await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: 'ruled/a.txt' }));
  });
});
