import { CreateFunctionCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { CreateScheduleGroupCommand } from '@aws-sdk/client-scheduler';
import { CreateQueueCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { startBundledFunction } from '../../../../../test/aws/bundled-function.ts';
import { type TestEngine, testEngine } from '../../../../../test/aws/test-engine.ts';
import { sqs } from '../../../../connectors/sqs/index.ts';
import { changeConnector } from '../../../../core/connectors/change-connector.ts';
import type { Connector } from '../../../../core/connectors/connector.ts';
import { createConnector } from '../../../../core/connectors/create-connector.ts';
import { deleteConnector } from '../../../../core/connectors/delete-connector.ts';
import { deployedTypes } from '../../on-aws.ts';
import type { AwsEngine } from '../../runtime.ts';
import { openTable } from '../../store/table.ts';
import { openSources } from '../open-sources.ts';
import { findMapping } from './mappings.ts';
import { removeStreams } from './remove-streams.ts';
import type { MappingConfig } from './wanted-mapping.ts';

/* Event source mappings of queues in an emulated account, and the function that they call, as deployed. */

const types = deployedTypes(new Map([[sqs.name, sqs]]), () => ['mapping']);

let made: TestEngine;
let engine: AwsEngine;
let lambda: LambdaClient;
let places: MappingConfig;

beforeEach(async () => {
  made = await testEngine({ types });
  made.now = Date.now();
  const { tableName } = made.resources;
  lambda = await made.clients.lambda();
  await (await made.clients.scheduler()).send(new CreateScheduleGroupCommand({ Name: tableName }));
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName: tableName,
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Role: 'arn:aws:iam::000000000000:role/f',
      Code: { ZipFile: Buffer.from('UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA==', 'base64') },
    }),
  );
  const functionArn = `arn:aws:lambda:us-east-1:000000000000:function:${tableName}`;
  places = { functionArn, deployedIds: [], streams: null };
  const schedules = { groupName: tableName, roleArn: '', tickQueueArn: '', deadLetterQueueArn: '' };
  engine = made.another({ sources: openSources({ tableName, schedules, mappings: places }) });
});

/** Creates a queue. @returns its URL */
async function newQueue(name: string): Promise<string> {
  const QueueName = `${made.resources.tableName}-${name}`;
  await made.clients.sqs.send(new CreateQueueCommand({ QueueName }));
  return `https://sqs.us-east-1.amazonaws.com/000000000000/${QueueName}`;
}

async function connect(queueUrl: string, config = {}): Promise<Connector> {
  const draft = {
    name: 'orders',
    type: 'sqs',
    mode: 'inbound',
    config: { queue_url: queueUrl, ...config },
    agents: ['echo'],
  } as const;
  const created = await createConnector(engine, 'test', { ...draft, name: crypto.randomUUID() });
  if (created.outcome !== 'created') throw new Error(created.detail);
  return created.connector;
}

const mappingOf = ({ id }: Connector) => findMapping(lambda, places, id);
const change = (connector: Connector, changed: Parameters<typeof changeConnector>[3]) =>
  changeConnector(engine, 'test', connector.id, changed);

describe('the event source of a queue', () => {
  test('is made with its connector: for its queue, with as many messages as it asks for, tried one by one', async () => {
    const connector = await connect(await newQueue('orders'), { max_messages: 5 });
    expect(await mappingOf(connector)).toMatchObject({
      EventSourceArn: `arn:aws:sqs:us-east-1:000000000000:${made.resources.tableName}-orders`,
      FunctionArn: `${places.functionArn}:${connector.id}`,
      BatchSize: 5,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      State: 'Enabled',
    });
    expect(await engine.sources.state(connector.id)).toMatchObject({ status: 'running', lastError: null });
  });

  test('follows changes of the connector', async () => {
    const connector = await connect(await newQueue('orders'));
    await change(connector, { config: { ...connector.config, max_messages: 2 } });
    expect(await mappingOf(connector)).toMatchObject({ BatchSize: 2, State: 'Enabled' });
    await change(connector, { enabled: false });
    expect(await mappingOf(connector)).toMatchObject({ State: 'Disabled' });
    await change(connector, { enabled: true });
    expect(await mappingOf(connector)).toMatchObject({ State: 'Enabled' });
  });

  test('is replaced by another one where the connector reads another queue', async () => {
    const connector = await connect(await newQueue('orders'));
    await change(connector, { config: { queue_url: await newQueue('returns') } });
    made.now += 120_000;
    await engine.followSources();
    expect(await mappingOf(connector)).toMatchObject({
      EventSourceArn: expect.stringMatching(/-returns$/),
      State: 'Enabled',
    });
  });

  test('goes with its connector, and with the stack', async () => {
    const [one, other] = [await connect(await newQueue('orders')), await connect(await newQueue('returns'))];
    await deleteConnector(engine, 'test', one.id);
    expect(await mappingOf(one)).toBeNull();
    const table = openTable(made.clients.dynamo, made.resources.tableName);
    const parts = { clients: made.clients, table, clock: Date.now };
    await removeStreams(parts, places, AbortSignal.timeout(60_000));
    expect(await mappingOf(other)).toBeNull();
  });

  test('says how many messages wait in it', async () => {
    const url = await newQueue('orders');
    const QueueUrl = new URL(new URL(url).pathname, process.env['AWS_ENDPOINT_URL']).href;
    await made.clients.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'waits' }));
    const context = { secrets: {}, allowPrivateTargets: false, signal: AbortSignal.timeout(10_000) };
    expect(await sqs.modes.inbound?.backlog?.({ queue_url: url }, context)).toEqual({ waiting: 1 });
  });

  test.each([
    [{ access_key_id: 'AKIAIOSFODNN7EXAMPLE', secret_access_key: 's' }, /remove the access key/],
    [{ endpoint: 'https://queues.example.com' }, /queues of AWS only/],
  ])('is refused with %j, which Lambda cannot use', async (config, reason) => {
    await expect(connect('https://sqs.us-east-1.amazonaws.com/000000000000/orders', config)).rejects.toThrow(
      reason,
    );
  });
});

describe('a batch of messages', () => {
  const record = (messageId: string, body: string) => ({
    messageId,
    receiptHandle: 'r',
    body,
    attributes: { ApproximateReceiveCount: '1', SentTimestamp: '1705312800000' },
    messageAttributes: {},
    eventSource: 'aws:sqs',
  });

  test('starts a run for each, once; what cannot be taken now comes again', async () => {
    const handler = await startBundledFunction(
      'kafka',
      made.resources,
      process.env['AWS_ENDPOINT_URL'] ?? '',
      {
        CONNECTOR_CACHE_SECONDS: '0',
      },
    );
    const connector = await connect(await newQueue('orders'));
    const batch = { Records: [record('m-1', '{"n":1}'), record('m-2', 'text')] };
    expect(await handler.invoke(batch, connector.id)).toEqual({ batchItemFailures: [] });
    expect(await handler.invoke(batch, connector.id)).toEqual({ batchItemFailures: [] });
    const { items } = await engine.runs.list({ connectorId: connector.id, limit: 10, cursor: null });
    const runs = await Promise.all(items.map(({ runId }) => engine.runs.get(runId)));
    expect(runs.map((run) => run?.payload.value)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ n: 1, _sqs: expect.objectContaining({ message_id: 'm-1' }) }),
        expect.objectContaining({ message: 'text' }),
      ]),
    );
    expect(runs).toHaveLength(2);
    await change(connector, { enabled: false });
    expect(await handler.invoke({ Records: [record('m-3', '{}')] }, connector.id)).toEqual({
      batchItemFailures: [{ itemIdentifier: 'm-3' }],
    });
    await handler.stop();
  });
});
