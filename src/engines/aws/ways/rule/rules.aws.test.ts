import { randomUUID } from 'node:crypto';
import {
  CreateEventBusCommand,
  DescribeRuleCommand,
  DisableRuleCommand,
  type EventBridgeClient,
  ListRulesCommand,
  ListTagsForResourceCommand,
  ListTargetsByRuleCommand,
  PutEventsCommand,
  PutRuleCommand,
  RemoveTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import { CreateScheduleGroupCommand } from '@aws-sdk/client-scheduler';
import { CreateQueueCommand, DeleteMessageCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { SQSRecord } from 'aws-lambda';
import { type TestEngine, testEngine } from '../../../../../test/aws/test-engine.ts';
import { busType } from '../../../../../test/connectors/bus-type.ts';
import { serveLocally } from '../../../../../test/local-server.ts';
import { changeConnector } from '../../../../core/connectors/change-connector.ts';
import type { Connector } from '../../../../core/connectors/connector.ts';
import { createConnector } from '../../../../core/connectors/create-connector.ts';
import { deleteConnector } from '../../../../core/connectors/delete-connector.ts';
import { updateConnector } from '../../../../core/connectors/update-connector.ts';
import { retryDeadLetter } from '../../../../core/deliveries/retry-dead-letter.ts';
import type { JsonObject } from '../../../../core/json/json-value.ts';
import { keepDeadLetter } from '../../entry/keep-dead-letter.ts';
import type { AwsEngine } from '../../runtime.ts';
import { openSources } from '../open-sources.ts';
import { removeRules } from './remove-rules.ts';
import type { RuleConfig } from './rules.ts';
import { takeRuleEvent } from './take-rule-event.ts';

/*
 * The way `rule` in an emulated account: rules, events, and the queue are EventBridge's and SQS's own; the connector
 * type is defined for the tests.
 */

const types = new Map([[busType.name, busType]]);
const minute = 60_000;

let made: TestEngine;
let engine: AwsEngine;
let bridge: EventBridgeClient;
let places: RuleConfig;
let queueUrl: string;
let otherBus: string;

beforeEach(async () => {
  made = await testEngine({ types });
  const name = made.resources.tableName;
  const arn = (service: string, resource: string) => `arn:aws:${service}:us-east-1:000000000000:${resource}`;
  const scheduler = await made.clients.scheduler();
  await scheduler.send(new CreateScheduleGroupCommand({ Name: name }));
  const queue = await made.clients.sqs.send(new CreateQueueCommand({ QueueName: `${name}-events` }));
  queueUrl = queue.QueueUrl ?? '';
  bridge = await made.clients.eventBridge();
  otherBus = `${name}-orders`;
  await bridge.send(new CreateEventBusCommand({ Name: otherBus }));
  places = {
    prefix: `${name}-`,
    buses: ['default', otherBus],
    eventQueueArn: arn('sqs', `${name}-events`),
    deadLetterQueueArn: arn('sqs', `${name}-dead-events`),
  };
  engine = made.another({
    sources: openSources({ tableName: name, schedules: schedulesOf(name), rules: places }),
  });
});

function schedulesOf(groupName: string) {
  return { groupName, roleArn: '', tickQueueArn: '', deadLetterQueueArn: '' };
}

/** Matches events of this test only: other tests use the same default bus. */
function patternOf(detail: JsonObject = {}): JsonObject {
  return { source: [places.prefix], ...(Object.keys(detail).length === 0 ? {} : { detail }) };
}

async function create(config: JsonObject = {}, agents: readonly string[] = ['echo']): Promise<Connector> {
  const whole = { bus: 'default', pattern: patternOf(), ...config };
  const draft = { name: 'orders', type: 'bus', mode: 'inbound', config: whole, agents } as const;
  const created = await createConnector(engine, 'test', { ...draft, name: crypto.randomUUID() });
  if (created.outcome !== 'created') throw new Error(created.detail);
  return created.connector;
}

async function rulesOn(bus = 'default') {
  const found = await bridge.send(new ListRulesCommand({ EventBusName: bus, NamePrefix: places.prefix }));
  return (found.Rules ?? []).map(({ Name = '', EventPattern = '', State }) => ({
    connectorId: Name.slice(places.prefix.length),
    pattern: JSON.parse(EventPattern),
    state: State,
  }));
}

async function emit(detail: string, bus = 'default'): Promise<void> {
  const entry = { Source: places.prefix, DetailType: 'order', Detail: detail, EventBusName: bus };
  await bridge.send(new PutEventsCommand({ Entries: [entry] }));
}

/** Takes the messages from the event queue and returns their bodies. */
async function takeBodies(): Promise<string[]> {
  const { sqs } = made.clients;
  const request = { QueueUrl: queueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 };
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand(request));
  for (const { ReceiptHandle } of Messages)
    await sqs.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle }));
  return Messages.map(({ Body = '' }) => Body);
}

async function payloadsOf(connector: Connector): Promise<string[]> {
  const { items } = await engine.runs.list({ connectorId: connector.id, limit: 100, cursor: null });
  const runs = await Promise.all(items.map(({ runId }) => engine.runs.get(runId)));
  return runs.map((run) => run?.payload.text ?? '');
}

const change = (connector: Connector, config: JsonObject) =>
  updateConnector(engine, connector.id, () => ({ config: { ...connector.config, ...config } }));

async function stateOf(connector: Connector) {
  const state = await engine.sources.state(connector.id);
  return { status: state?.status, reason: state?.lastError?.message ?? null };
}

describe('the rule of a connector', () => {
  test('is made with it: pattern, target with template and dead letters, and the tag', async () => {
    const connector = await create();
    const Name = `${places.prefix}${connector.id}`;
    const rule = await bridge.send(new DescribeRuleCommand({ Name, EventBusName: 'default' }));
    expect(rule).toMatchObject({ State: 'ENABLED', EventPattern: JSON.stringify(patternOf()) });
    const { Targets } = await bridge.send(new ListTargetsByRuleCommand({ Rule: Name }));
    expect(Targets).toEqual([
      {
        Id: 'event-queue',
        Arn: places.eventQueueArn,
        InputTransformer: {
          InputTemplate: `{"connectorId":"${connector.id}","event":<aws.events.event.json>}`,
        },
        RetryPolicy: { MaximumRetryAttempts: 185, MaximumEventAgeInSeconds: 86_400 },
        DeadLetterConfig: { Arn: places.deadLetterQueueArn },
      },
    ]);
    const { Tags } = await bridge.send(new ListTagsForResourceCommand({ ResourceARN: rule.Arn }));
    expect(Tags).toEqual([{ Key: 'agent-connectors:connector', Value: connector.id }]);
    expect(await stateOf(connector)).toEqual({ status: 'running', reason: null });
  });

  test('follows its pattern and its bus', async () => {
    const connector = await create();
    await change(connector, { bus: otherBus, pattern: patternOf({ total: [{ numeric: ['>', 5] }] }) });
    expect(await rulesOn()).toEqual([]);
    const pattern = patternOf({ total: [{ numeric: ['>', 5] }] });
    expect(await rulesOn(otherBus)).toEqual([{ connectorId: connector.id, pattern, state: 'ENABLED' }]);
  });

  test.each([
    ['is disabled', { enabled: false }],
    ['has no agents any more', { agents: [] }],
  ])('is switched off while the connector %s', async (_, off) => {
    const connector = await create();
    await changeConnector(engine, 'test', connector.id, off);
    expect(await rulesOn()).toMatchObject([{ state: 'DISABLED' }]);
    expect(await stateOf(connector)).toEqual({ status: 'stopped', reason: null });
    await changeConnector(engine, 'test', connector.id, { enabled: true, agents: ['echo'] });
    expect(await rulesOn()).toMatchObject([{ state: 'ENABLED' }]);
  });

  test('goes where the connector wants none any more', async () => {
    const connector = await create();
    await change(connector, { bus: '' });
    expect(await rulesOn()).toEqual([]);
    expect(await engine.sources.state(connector.id)).toBeNull();
  });

  test('goes with the connector', async () => {
    const connector = await create();
    await deleteConnector(engine, 'test', connector.id);
    expect(await rulesOn()).toEqual([]);
  });

  test.each([
    [
      'a pattern that EventBridge does not know',
      { pattern: { source: [{ sounds: 'like' }] } },
      /^EventBridge rejected the event pattern: /,
    ],
    [
      'a bus that is not in the settings',
      { bus: 'payroll' },
      /^This deployment cannot create rules on the event bus "payroll"\. Deploy it with this bus in the setting eventBuses\.$/,
    ],
  ])('is not made for %s, and the connector says why', async (_, config, reason) => {
    const connector = await create(config);
    expect(await rulesOn()).toEqual([]);
    expect(await stateOf(connector)).toEqual({ status: 'failing', reason: expect.stringMatching(reason) });
  });

  test('is not made on a bus that is gone, and is once the bus is there', async () => {
    places = { ...places, buses: [...places.buses, `${otherBus}-2`] };
    const { tableName } = made.resources;
    engine = made.another({
      sources: openSources({ tableName, schedules: schedulesOf(tableName), rules: places }),
    });
    const connector = await create({ bus: `${otherBus}-2` });
    expect(await stateOf(connector)).toEqual({
      status: 'failing',
      reason: `There is no event bus "${otherBus}-2".`,
    });
    await bridge.send(new CreateEventBusCommand({ Name: `${otherBus}-2` }));
    made.now += 2 * minute;
    await engine.followSources();
    expect(await rulesOn(`${otherBus}-2`)).toHaveLength(1);
    expect(await stateOf(connector)).toEqual({ status: 'running', reason: null });
  });
});

describe('an event of the bus', () => {
  test('that the pattern matches makes one run, with every digit; another makes none', async () => {
    const connector = await create({ pattern: patternOf({ state: ['paid'] }) });
    await emit('{"state":"paid","total":9223372036854775807}');
    await emit('{"state":"open"}');
    const bodies = await takeBodies();
    expect(bodies).toHaveLength(1);
    for (const body of bodies) expect(await takeRuleEvent(engine, body)).toBe('taken');
    const [payload, ...others] = await payloadsOf(connector);
    expect(others).toEqual([]);
    expect(payload).toContain('"total":9223372036854775807');
    expect(JSON.parse(payload ?? '')).toMatchObject({
      source: places.prefix,
      'detail-type': 'order',
      detail: { state: 'paid' },
    });
  });

  test('that is handed out twice makes one set of runs', async () => {
    const connector = await create();
    await emit('{}');
    const [body = ''] = await takeBodies();
    await Promise.all([takeRuleEvent(engine, body), takeRuleEvent(engine, body)]);
    await takeRuleEvent(engine, body);
    expect(await payloadsOf(connector)).toHaveLength(1);
  });

  test('that the type refuses becomes a dead letter, once', async () => {
    const connector = await create();
    await emit('{"refuse":true}');
    const [body = ''] = await takeBodies();
    await takeRuleEvent(engine, body);
    await takeRuleEvent(engine, body);
    const { items } = await engine.deadLetters.list({ limit: 10, cursor: null });
    expect(items).toMatchObject([{ connectorId: connector.id, reason: 'It says so itself.' }]);
    expect(await payloadsOf(connector)).toEqual([]);
  });

  test.each([
    ['switched off', (id: string) => changeConnector(engine, 'test', id, { enabled: false })],
    ['deleted', (id: string) => deleteConnector(engine, 'test', id)],
  ])('whose connector was %s on the way starts nothing', async (_, end) => {
    const connector = await create();
    await emit('{}');
    const [body = ''] = await takeBodies();
    await end(connector.id);
    expect(await takeRuleEvent(engine, body)).toBe('not-acquired');
    expect(await payloadsOf(connector)).toEqual([]);
  });

  test('is not lost where its message is of no known form: it comes back to the queue', async () => {
    await expect(takeRuleEvent(engine, '{"source":"elsewhere"}')).rejects.toThrow(
      'the message is not of the form in which rules send events',
    );
  });
});

describe('the hourly comparison', () => {
  beforeEach(() => {
    made.now = Date.parse('2026-01-01T01:17:00Z');
  });

  test.each([
    ['a rule that somebody has disabled', (Name: string) => bridge.send(new DisableRuleCommand({ Name }))],
    [
      'a rule whose target somebody has removed',
      (Rule: string) => bridge.send(new RemoveTargetsCommand({ Rule, Ids: ['event-queue'] })),
    ],
    [
      'a rule that somebody has given another pattern',
      (Name: string) => bridge.send(new PutRuleCommand({ Name, EventPattern: '{"source":["x"]}' })),
    ],
    ['a rule that is gone', () => removeRules(bridge, places.prefix, [])],
  ])('mends %s', async (_, spoil) => {
    const connector = await create();
    await engine.followSources();
    await spoil(`${places.prefix}${connector.id}`);
    await engine.followSources();
    await emit('{}');
    expect(await takeBodies()).toHaveLength(1);
  });

  test('removes a rule whose connector is gone', async () => {
    const Name = `${places.prefix}0198c0de-0000-7000-8000-000000000000`;
    await bridge.send(new PutRuleCommand({ Name, EventPattern: '{"source":["x"]}' }));
    await engine.followSources();
    expect(await rulesOn()).toEqual([]);
  });
});

describe('when the stack goes', () => {
  test('its rules go from every bus, and those of others stay', async () => {
    await create();
    await create({ bus: otherBus });
    const Name = `other-${places.prefix}`.slice(0, 64);
    await bridge.send(new PutRuleCommand({ Name, EventPattern: '{"source":["x"]}' }));
    await removeRules(bridge, places.prefix, []);
    expect([...(await rulesOn()), ...(await rulesOn(otherBus))]).toEqual([]);
    expect(await bridge.send(new DescribeRuleCommand({ Name }))).toMatchObject({ State: 'ENABLED' });
  });

  test('rules of the buses that a deployment keeps stay', async () => {
    await create();
    await create({ bus: otherBus });
    await removeRules(bridge, places.prefix, ['default']);
    expect(await rulesOn()).toHaveLength(1);
    expect(await rulesOn(otherBus)).toEqual([]);
  });
});

describe('an event that could not be taken', () => {
  const record = (body: string, attributes: Readonly<Record<string, string>> = {}): SQSRecord => ({
    messageId: randomUUID(),
    receiptHandle: '',
    body,
    attributes: {
      ApproximateReceiveCount: '11',
      SentTimestamp: String(made.now),
      SenderId: '',
      ApproximateFirstReceiveTimestamp: '',
    },
    messageAttributes: Object.fromEntries(
      Object.entries(attributes).map(([name, stringValue]) => [name, { stringValue, dataType: 'String' }]),
    ),
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: places.deadLetterQueueArn,
    awsRegion: 'us-east-1',
  });

  const retryAll = async () => {
    const { items } = await engine.deadLetters.list({ limit: 10, cursor: null });
    return Promise.all(items.map(({ deadLetterId }) => retryDeadLetter(engine, 'test', deadLetterId)));
  };

  test('is kept with its connector, and makes its runs when an operator retries it', async () => {
    const connector = await create();
    await emit('{"total":9223372036854775807}');
    const [body = ''] = await takeBodies();
    await keepDeadLetter(engine, 'take-event', record(body));
    const { items } = await engine.deadLetters.list({ limit: 10, cursor: null });
    expect(items).toMatchObject([
      {
        connectorId: connector.id,
        source: 'take-event',
        reason: 'The event of a rule could not be stored after all retries.',
      },
    ]);
    await retryAll();
    expect(await payloadsOf(connector)).toEqual([expect.stringContaining('"total":9223372036854775807')]);
  });

  test('is the same where EventBridge itself could not send it: its rule stands in an attribute', async () => {
    const connector = await create();
    const event = { id: 'e-1', time: '2026-01-01T00:00:00Z', source: 'shop', detail: { total: 1 } };
    const RULE_ARN = `arn:aws:events:us-east-1:000000000000:rule/${places.prefix}${connector.id}`;
    await keepDeadLetter(engine, 'take-event', record(JSON.stringify(event), { RULE_ARN }));
    await retryAll();
    expect(await payloadsOf(connector)).toEqual([JSON.stringify(event)]);
  });

  test('stays a dead letter while its connector takes nothing', async () => {
    const connector = await create();
    await emit('{}');
    const [body = ''] = await takeBodies();
    await keepDeadLetter(engine, 'take-event', record(body));
    await changeConnector(engine, 'test', connector.id, { enabled: false });
    await expect(retryAll()).rejects.toThrow(
      'The connector was deleted, is disabled, or has no agents. Enable it or link an agent, then retry.',
    );
    await changeConnector(engine, 'test', connector.id, { enabled: true });
    await retryAll();
    expect(await payloadsOf(connector)).toHaveLength(1);
  });

  test('is kept without a connector where nothing tells whose it is', async () => {
    await keepDeadLetter(engine, 'take-event', record('not JSON'));
    const { items } = await engine.deadLetters.list({ limit: 10, cursor: null });
    expect(items).toMatchObject([{ connectorId: null, source: 'take-event' }]);
  });
});

describe('a quota of EventBridge', () => {
  /** EventBridge's answer beyond a quota, which the emulator does not have. */
  const refusing = async (type: string, pattern: JsonObject) => {
    const server = await serveLocally((_request, response) => {
      response.writeHead(400, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(JSON.stringify({ __type: type, message: 'quota' }));
    });
    const { EventBridgeClient } = await import('@aws-sdk/client-eventbridge');
    const client = new EventBridgeClient({ endpoint: server.url, maxAttempts: 1 });
    const { tableName } = made.resources;
    const clients = { ...made.clients, eventBridge: async () => client };
    const sources = openSources({
      tableName,
      schedules: schedulesOf(tableName),
      rules: { ...places, buses: ['default'] },
    });
    // Rules on other buses are looked for first; with one bus there are none.
    engine = made.another({ clients, sources });
    const connector = await create({ pattern });
    await server.stop();
    return stateOf(connector);
  };

  test('for rules is named, with the bus', async () => {
    expect(await refusing('LimitExceededException', patternOf())).toEqual({
      status: 'failing',
      reason:
        'The event bus "default" has as many rules as its quota allows (300, unless AWS has raised it): remove rules, or ask AWS for more.',
    });
  });

  test.each(['InvalidEventPatternException', 'ValidationException'])(
    'for the length of a pattern is named where EventBridge answers with %s',
    async (type) => {
      expect(await refusing(type, { source: ['x'.repeat(2_100)] })).toEqual({
        status: 'failing',
        reason:
          'The event pattern has 2115 characters; EventBridge takes 2048, unless AWS has raised the quota.',
      });
    },
  );
});
