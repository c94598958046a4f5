import { text } from 'node:stream/consumers';
import {
  CreateApiDestinationCommand,
  CreateConnectionCommand,
  CreateEventBusCommand,
  type EventBridgeClient,
  ListRulesCommand,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
  TestEventPatternCommand,
} from '@aws-sdk/client-eventbridge';
import { CreateScheduleGroupCommand } from '@aws-sdk/client-scheduler';
import { CreateQueueCommand, DeleteMessageBatchCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { eventbridge } from '../../src/connectors/eventbridge/index.ts';
import type { BusMessage } from '../../src/connectors/eventbridge/prepare.ts';
import type { Connector } from '../../src/core/connectors/connector.ts';
import { createConnector } from '../../src/core/connectors/create-connector.ts';
import type { JsonObject } from '../../src/core/json/json-value.ts';
import type { Engine } from '../../src/core/ports/engine.ts';
import type { Page } from '../../src/core/ports/page.ts';
import { noSecrets } from '../../src/core/ports/secret-store.ts';
import type { RunSummary } from '../../src/core/runs/run.ts';
import { openSources } from '../../src/engines/aws/ways/open-sources.ts';
import { matchSamples } from '../connectors/event-patterns.ts';
import { sampleConnector, samplePrepareContext, sampleRun } from '../connectors/sample-records.ts';
import { serveLocally } from '../local-server.ts';
import { adminToken, runProduct } from '../running-product.ts';
import { eventually } from '../scenarios/eventually.ts';
import { operatorOf } from '../scenarios/operator.ts';
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

/** How many events come at once, if not the usual number: ten thousand take minutes. */
const askedEvents = process.env['EVENTS'];
const together = 100;

/**
 * Puts events with numbers from 0 onto a bus, ten in each request.
 *
 * @param untilTaken resolves once so many of them have been taken
 */
async function putEvents(
  EventBusName: string,
  count: number,
  untilTaken: (taken: number) => Promise<unknown>,
): Promise<void> {
  for (let from = 0; from < count; from += together) {
    await untilTaken(from - together);
    for (let first = from; first < from + together; first += 10) {
      const Entries = Array.from({ length: 10 }, (_, index) => {
        const Detail = JSON.stringify({ number: first + index });
        return { EventBusName, Source: 'shop', DetailType: 'order', Detail };
      });
      expect(await bridge.send(new PutEventsCommand({ Entries }))).toMatchObject({ FailedEntryCount: 0 });
    }
  }
}

const numbered = z.object({ detail: z.object({ number: z.int() }) });

/** The numbers of the events that have started a connector's runs, in order. */
async function numbersIn({ runs }: Engine, connectorId: string): Promise<number[]> {
  const found: number[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<RunSummary> = await runs.list({ connectorId, limit: 100, cursor });
    for (const { runId } of page.items) {
      const run = await runs.get(runId);
      found.push(numbered.parse(run?.payload.value).detail.number);
    }
    cursor = page.nextCursor;
  } while (cursor !== null);
  return found.sort((one, other) => one - other);
}

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);

/** A product in this process, and connectors for its agent `echo`. */
async function startWithBus() {
  const product = await runProduct();
  const operator = operatorOf({ baseUrl: product.baseUrl, token: adminToken });
  const connector = z.object({ id: z.string(), url: z.string().nullable(), secret: z.string().nullable() });
  const create = async (mode: 'inbound' | 'outbound', config: JsonObject) => {
    const draft = { name: mode, type: 'eventbridge', mode, config, agents: ['echo'] };
    return connector.parse((await operator.call('POST', '/connectors', draft)).json);
  };
  return { product, operator, create };
}

/** Makes a bus whose rule sends each event to a connector's URL, as the documentation says. */
async function callByRule(Name: string, { url, secret }: { url: string | null; secret: string | null }) {
  await bridge.send(new CreateEventBusCommand({ Name }));
  const ApiKeyAuthParameters = { ApiKeyName: 'X-Connic-Secret', ApiKeyValue: secret ?? '' };
  const credentials = { AuthorizationType: 'API_KEY', AuthParameters: { ApiKeyAuthParameters } } as const;
  const { ConnectionArn } = await bridge.send(new CreateConnectionCommand({ Name, ...credentials }));
  const place = { Name, ConnectionArn, InvocationEndpoint: url ?? '', HttpMethod: 'POST' } as const;
  const { ApiDestinationArn: Arn } = await bridge.send(new CreateApiDestinationCommand(place));
  await bridge.send(new PutRuleCommand({ Name, EventBusName: Name, EventPattern: '{"source":["shop"]}' }));
  const Targets = [{ Id: '1', Arn, RoleArn: 'arn:aws:iam::000000000000:role/events' }];
  await bridge.send(new PutTargetsCommand({ Rule: Name, EventBusName: Name, Targets }));
}

describe('a rule that calls the URL of a connector by an API destination', () => {
  test('starts one run for each of many events', async () => {
    const count = Number(askedEvents ?? 1_000);
    const { product, create } = await startWithBus();
    const inbound = await create('inbound', {});
    const bus = `${made.resources.tableName}-burst`;
    await callByRule(bus, inbound);
    const untilTaken = (taken: number) =>
      eventually(`${taken} runs`, async () => {
        const until = Date.now() + 1;
        const { byConnector } = await product.engine.runs.stats({ from: 0, to: until, bucketMs: until });
        return (byConnector.get(inbound.id)?.runs ?? 0) >= taken;
      });
    await putEvents(bus, count, untilTaken);
    await untilTaken(count);
    expect(await numbersIn(product.engine, inbound.id)).toEqual(upTo(count));
    await product.stop();
  });

  test('and is fed by the results of its own agent, ends after ten runs that each led to the next; the refusal has their chain', async () => {
    const { product, operator, create } = await startWithBus();
    const inbound = await create('inbound', {});
    const bus = `${made.resources.tableName}-loop`;
    await callByRule(bus, inbound);
    await create('outbound', { event_bus: bus, source: 'shop' });
    const first = await operator.startRun('echo', { is: 'where it begins' });
    const { reason, detail } = await eventually('the refusal', async () => {
      const query = { connectorId: inbound.id, now: Date.now(), limit: 10, cursor: null };
      return (await product.engine.refusedRequests.list(query)).items[0];
    });
    const { items } = await operator.runs(`connector=${inbound.id}`);
    expect(items).toHaveLength(10);
    expect(reason).toBe('too-deep');
    expect(detail).toContain([first, ...items.toReversed().map(({ run_id }) => run_id)].join(', '));
    await product.stop();
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

  test('starts one run for each of many events that the rule of a connector sends it', async () => {
    const count = Number(askedEvents ?? 100);
    const { sqs } = made.clients;
    const name = `${made.resources.tableName}-rule`;
    const arn = (resource: string) => `arn:aws:sqs:us-east-1:000000000000:${name}-${resource}`;
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: `${name}-events` }));
    await (await made.clients.scheduler()).send(new CreateScheduleGroupCommand({ Name: name }));
    await bridge.send(new CreateEventBusCommand({ Name: name }));
    const sources = openSources({
      tableName: made.resources.tableName,
      schedules: { groupName: name, roleArn: '', tickQueueArn: '', deadLetterQueueArn: '' },
      rules: {
        prefix: `${name}-`,
        buses: [name],
        eventQueueArn: arn('events'),
        deadLetterQueueArn: arn('dead'),
      },
    });
    const config = { event_bus: name, pattern: { source: ['shop'] } };
    const draft = { type: 'eventbridge', mode: 'inbound', config, agents: ['echo'] } as const;
    const created = await createConnector(made.another({ sources }), 'test', { ...draft, name });
    if (created.outcome !== 'created') throw new Error(created.detail);
    await putEvents(name, count, async () => undefined);
    for (;;) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 600 }),
      );
      if (Messages.length === 0) break;
      const answer = await handler.invoke(messages(...Messages.map(({ Body = '' }) => Body)));
      expect(answer).toMatchObject({ batchItemFailures: [] });
      const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: `${index}`, ReceiptHandle }));
      await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
    }
    expect(await numbersIn(made.engine, created.connector.id)).toEqual(upTo(count));
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
