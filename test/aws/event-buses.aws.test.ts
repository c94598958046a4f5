import { text } from 'node:stream/consumers';
import {
  CreateEventBusCommand,
  type EventBridgeClient,
  ListRulesCommand,
  PutRuleCommand,
  PutTargetsCommand,
  TestEventPatternCommand,
} from '@aws-sdk/client-eventbridge';
import { CreateQueueCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { eventbridge } from '../../src/connectors/eventbridge/index.ts';
import type { BusMessage } from '../../src/connectors/eventbridge/prepare.ts';
import type { Connector } from '../../src/core/connectors/connector.ts';
import { createConnector } from '../../src/core/connectors/create-connector.ts';
import type { JsonObject } from '../../src/core/json/json-value.ts';
import { noSecrets } from '../../src/core/ports/secret-store.ts';
import { matchSamples } from '../connectors/event-patterns.ts';
import { sampleConnector, samplePrepareContext, sampleRun } from '../connectors/sample-records.ts';
import { serveLocally } from '../local-server.ts';
import { type BundledFunction, startBundledFunction } from './bundled-function.ts';
import { type TestEngine, testEngine } from './test-engine.ts';

/* The connector type for event buses against an emulated account, and the function behind the event queue as it is deployed. */

let made: TestEngine;
let bridge: EventBridgeClient;

beforeAll(async () => {
  made = await testEngine({ types: new Map([[eventbridge.name, eventbridge]]) });
  bridge = await made.clients.eventBridge();
});

describe('what the product says of a pattern', () => {
  /** What TestEventPattern wants of every event. */
  const envelope = {
    id: '1',
    account: '123456789012',
    source: 'test',
    'detail-type': 'test',
    time: '2026-01-01T00:00:00Z',
    region: 'us-east-1',
    resources: [],
    detail: {},
  };

  test.each(matchSamples)('the account says, too, of %s: %j, %j', async (_title, pattern, event, fits) => {
    const command = new TestEventPatternCommand({
      EventPattern: JSON.stringify(pattern),
      Event: JSON.stringify({ ...envelope, ...event }),
    });
    expect(await bridge.send(command)).toMatchObject({ Result: fits });
  });
});

describe('an ended run', () => {
  const context = { signal: new AbortController().signal, secrets: [], allowPrivateTargets: false };

  const messageFor = (config: JsonObject, run = sampleRun): BusMessage => {
    const parsed = eventbridge.modes.outbound?.config.parse(config) ?? {};
    const connector = sampleConnector('eventbridge', 'outbound', parsed);
    const message = eventbridge.prepare?.(run, samplePrepareContext(connector, noSecrets));
    if (message === undefined) throw new Error('nothing was prepared');
    return message;
  };

  test('arrives on the bus as the detail of an event', async () => {
    const name = `${made.resources.tableName}-out`;
    const { QueueUrl } = await made.clients.sqs.send(new CreateQueueCommand({ QueueName: name }));
    await bridge.send(new CreateEventBusCommand({ Name: name }));
    const EventPattern = JSON.stringify({ source: ['shop.agents'], 'detail-type': ['agent.ended'] });
    await bridge.send(new PutRuleCommand({ Name: name, EventBusName: name, EventPattern }));
    const Targets = [{ Id: '1', Arn: `arn:aws:sqs:us-east-1:000000000000:${name}` }];
    await bridge.send(new PutTargetsCommand({ Rule: name, EventBusName: name, Targets }));
    const config = { event_bus: name, source: 'shop.agents', detail_type: 'agent.ended' };
    const sent = await eventbridge.send?.(messageFor(config), context);
    expect(sent).toMatchObject({
      outcome: 'delivered',
      responseExcerpt: expect.stringMatching(/^event [0-9a-f-]{36}$/),
    });
    const { Messages = [] } = await made.clients.sqs.send(
      new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 10 }),
    );
    expect(JSON.parse(Messages[0]?.Body ?? '')).toMatchObject({
      source: 'shop.agents',
      detail: { run_id: sampleRun.runId, output: 'Hello to you.', status: 'completed' },
    });
  });

  test('that is too large for an event is rejected, with its size', async () => {
    const sent = await eventbridge.send?.(
      messageFor({}, { ...sampleRun, output: 'x'.repeat(300_000) }),
      context,
    );
    expect(sent).toMatchObject({
      outcome: 'rejected',
      error: expect.stringMatching(
        /^The result has 300\d{3} bytes as an event; the limit is 262144\. Let the agent return less\.$/,
      ),
    });
  });
});

describe('the function behind the event queue', () => {
  let handler: BundledFunction;

  beforeAll(async () => {
    handler = await startBundledFunction(
      'rule-events',
      made.resources,
      process.env['AWS_ENDPOINT_URL'] ?? '',
      {
        EVENT_QUEUE_URL: made.resources.runQueueUrl,
        EVENT_QUEUE_ARN: 'arn:aws:sqs:us-east-1:000000000000:events',
      },
    );
  });
  afterAll(() => handler.stop());

  async function connect(): Promise<Connector> {
    const config = { event_bus: 'default', pattern: { source: ['shop'] } };
    const draft = { name: 'orders', type: 'eventbridge', mode: 'inbound', config, agents: ['echo'] } as const;
    const created = await createConnector(made.engine, 'test', { ...draft, name: crypto.randomUUID() });
    if (created.outcome !== 'created') throw new Error(created.detail);
    return created.connector;
  }

  const messages = (...bodies: readonly string[]) => ({
    Records: bodies.map((body, index) => ({
      messageId: `m-${index}`,
      receiptHandle: 'r',
      body,
      attributes: { ApproximateReceiveCount: '1', SentTimestamp: String(made.now) },
      messageAttributes: {},
      eventSource: 'aws:sqs',
    })),
  });

  const batchAnswer = z.object({ batchItemFailures: z.array(z.object({ itemIdentifier: z.string() })) });

  test('stores the runs of each event once, and hands back only what it cannot read', async () => {
    const connector = await connect();
    const event = `{"id":"e-1","source":"shop","detail-type":"order","time":"2026-01-01T00:00:00Z","detail":{"total":9223372036854775807}}`;
    const body = `{"connectorId":"${connector.id}","event":${event}}`;
    const answer = batchAnswer.parse(await handler.invoke(messages(body, 'not JSON', body)));
    expect(answer.batchItemFailures).toEqual([{ itemIdentifier: 'm-1' }]);
    expect(batchAnswer.parse(await handler.invoke(messages(body))).batchItemFailures).toEqual([]);
    const { items } = await made.engine.runs.list({ connectorId: connector.id, limit: 10, cursor: null });
    const runs = await Promise.all(items.map(({ runId }) => made.engine.runs.get(runId)));
    expect(runs.map((run) => run?.payload.text)).toEqual([event]);
  });
});

describe('the function that goes before the stack does', () => {
  test.each([
    ['Delete', 0],
    ['Update', 1],
  ])(
    'at %s leaves %d of the rules on the buses that the deployment keeps, and none elsewhere',
    async (RequestType, left) => {
      const name = `${made.resources.tableName}-${RequestType}`;
      await bridge.send(new CreateEventBusCommand({ Name: name }));
      const Name = `${name}-0198c0de`;
      const EventPattern = '{"source":["shop"]}';
      for (const EventBusName of ['default', name])
        await bridge.send(new PutRuleCommand({ Name, EventBusName, EventPattern }));
      const told: unknown[] = [];
      const cloudFormation = await serveLocally(async (request, response) => {
        told.push(JSON.parse(await text(request)));
        response.end();
      });
      const handler = await startBundledFunction(
        'remove-rules',
        made.resources,
        process.env['AWS_ENDPOINT_URL'] ?? '',
        {
          RULE_PREFIX: `${name}-`,
          EVENT_BUSES: 'default',
          EVENT_QUEUE_ARN: 'arn:aws:sqs:us-east-1:000000000000:events',
          EVENT_DEAD_LETTERS_ARN: 'arn:aws:sqs:us-east-1:000000000000:dead-events',
        },
      );
      await handler.invoke({
        RequestType,
        ResponseURL: `${cloudFormation.url}/`,
        StackId: 's',
        RequestId: 'r',
        LogicalResourceId: 'Made',
      });
      expect(told).toMatchObject([{ Status: 'SUCCESS' }]);
      const rulesOn = (EventBusName: string) =>
        bridge.send(new ListRulesCommand({ EventBusName, NamePrefix: `${name}-` }));
      expect((await rulesOn('default')).Rules).toHaveLength(left);
      expect((await rulesOn(name)).Rules).toEqual([]);
      await Promise.all([handler.stop(), cloudFormation.stop()]);
    },
    60_000,
  );
});
