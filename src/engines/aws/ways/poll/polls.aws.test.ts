import { DeleteScheduleCommand } from '@aws-sdk/client-scheduler';
import { CreateQueueCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Context, SQSEvent } from 'aws-lambda';
import { type TestSources, testSources } from '../../../../../test/aws/test-sources.ts';
import { describePolls } from '../../../../../test/conformance/poll-suite.ts';
import { type Feed, startFeed } from '../../../../../test/connectors/feed-server.ts';
import { feed as feedType } from '../../../../../test/connectors/feed-type.ts';
import { changeConnector } from '../../../../core/connectors/change-connector.ts';
import type { Connector } from '../../../../core/connectors/connector.ts';
import { createConnector } from '../../../../core/connectors/create-connector.ts';
import { deleteConnector } from '../../../../core/connectors/delete-connector.ts';
import type { JsonObject } from '../../../../core/json/json-value.ts';
import { keepDeadLetter } from '../../entry/keep-dead-letter.ts';
import { openTable } from '../../store/table.ts';
import { connectorToPoll } from '../schedule/tick-message.ts';
import { takePoll } from './take-poll.ts';

const types = new Map([['feed', feedType]]);
const tools = { clerk: () => 'done', poet: () => 'done' };

describe('the AWS engine', () => {
  describePolls(async () => {
    const made = await testSources({ types, tools });
    const table = openTable(made.clients.dynamo, made.resources.tableName);
    return Object.assign(made, {
      async pollDue(connectorId: string) {
        while ((await takePoll(made.engine, table, connectorId)) === 'more');
      },
      close: async () => {},
    });
  });
});

describe('polls of a deployment', () => {
  let made: TestSources;
  let feed: Feed;
  beforeEach(async () => {
    [made, feed] = await Promise.all([testSources({ types, tools }), startFeed()]);
  });
  afterEach(() => feed.stop());

  const connect = async (config: JsonObject = {}): Promise<Connector> => {
    const whole = { url: feed.url, ...config };
    const draft = { name: 'feed', type: 'feed', mode: 'inbound', config: whole, agents: ['clerk'] } as const;
    const created = await createConnector(made.engine, 'test', { ...draft, name: crypto.randomUUID() });
    if (created.outcome !== 'created') throw new Error(created.detail);
    return created.connector;
  };
  const runCount = async () => (await made.engine.runs.list({ limit: 100, cursor: null })).items.length;
  const poll = ({ id }: Connector) =>
    takePoll(made.engine, openTable(made.clients.dynamo, made.resources.tableName), id);
  const record = (body: string) => ({
    messageId: 'm-1',
    receiptHandle: 'r-1',
    body,
    attributes: {
      SentTimestamp: String(made.now),
      ApproximateReceiveCount: '1',
      SenderId: '',
      ApproximateFirstReceiveTimestamp: '',
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:ticks',
    awsRegion: 'us-east-1',
  });

  describe('have a schedule', () => {
    test('of a minute at least, which calls for them through the tick queue', async () => {
      const connector = await connect({ poll_seconds: 5 });
      const schedule = await made.schedule(`${connector.id}-1`);
      expect(schedule).toMatchObject({
        ScheduleExpression: 'rate(1 minute)',
        Target: { Arn: made.places.schedules.tickQueueArn, RoleArn: made.places.schedules.roleArn },
      });
      expect(connectorToPoll(schedule.Target?.Input ?? '')).toBe(connector.id);
      const rarely = await connect({ poll_seconds: 601 });
      expect((await made.schedule(`${rarely.id}-1`)).ScheduleExpression).toBe('rate(11 minutes)');
    });

    test('only while they are made: none of a connector that is disabled, without agents or gone', async () => {
      const { id } = await connect();
      await changeConnector(made.engine, 'test', id, { enabled: false });
      expect(await made.scheduleNames()).toEqual([]);
      await changeConnector(made.engine, 'test', id, { enabled: true });
      expect(await made.scheduleNames()).toEqual([`${id}-1`]);
      await deleteConnector(made.engine, 'test', id);
      expect(await made.scheduleNames()).toEqual([]);
    });

    test('that is made again where somebody has removed it', async () => {
      const { id } = await connect();
      const client = await made.clients.scheduler();
      const { groupName: GroupName } = made.places.schedules;
      await client.send(new DeleteScheduleCommand({ GroupName, Name: `${id}-1` }));
      await made.engine.followSources();
      made.now += 17 * 60_000;
      await made.engine.followSources();
      expect(await made.scheduleNames()).toEqual([`${id}-1`]);
    });
  });

  test('of one connector never overlap: a second one stands back', async () => {
    feed.events.push({ n: 1 });
    const connector = await connect();
    const answer = Promise.withResolvers<void>();
    const asked = Promise.withResolvers<void>();
    feed.before = () => {
      asked.resolve();
      return answer.promise;
    };
    const first = poll(connector);
    await asked.promise;
    expect(await poll(connector)).toBe('not-acquired');
    answer.resolve();
    expect(await first).toBe('polled');
    expect(feed.asked).toEqual([0]);
    expect(await poll(connector)).toBe('polled');
  });

  test('resume after their function was killed, once its claim is over; what it had stored makes no second run', async () => {
    feed.events.push({ n: 1 }, { n: 2 });
    const connector = await connect();
    // Killed after the first runs and before the cursor: nothing later is ever written.
    const killed = {
      ...made.engine,
      runs: {
        ...made.engine.runs,
        dispatchAll: async (...[dispatches]: Parameters<typeof made.engine.runs.dispatchAll>) => {
          await made.engine.runs.dispatchAll(dispatches.slice(0, 1));
          return new Promise<never>(() => {});
        },
      },
    };
    void takePoll(killed, openTable(made.clients.dynamo, made.resources.tableName), connector.id);
    while ((await runCount()) < 1);
    expect(await poll(connector)).toBe('not-acquired');
    made.now += 60_000;
    expect(await poll(connector)).toBe('polled');
    expect(feed.asked).toEqual([0, 0]);
    expect(await runCount()).toBe(2);
  });

  test('that failed however often they were tried are no dead letters: their events wait at the source', async () => {
    const connector = await connect();
    const body = (await made.schedule(`${connector.id}-1`)).Target?.Input ?? '';
    await keepDeadLetter(made.engine, 'fire-tick', record(body));
    expect((await made.engine.deadLetters.list({ limit: 10, cursor: null })).items).toEqual([]);
  });

  test('are made by the function that fires ticks, which calls itself again while more is waiting', async () => {
    feed.pageSize = 1;
    feed.events.push({ n: 1 }, { n: 2 }, { n: 3 });
    const connector = await connect();
    const body = (await made.schedule(`${connector.id}-1`)).Target?.Input ?? '';
    const { QueueUrl = '' } = await made.clients.sqs.send(
      new CreateQueueCommand({ QueueName: `${made.resources.tableName}-ticks` }),
    );
    // One poll takes so long that other messages get their turn.
    feed.after = () => {
      made.now += 10_000;
    };
    process.env['TABLE_NAME'] = made.resources.tableName;
    process.env['TICK_QUEUE_URL'] = QueueUrl;
    const { tickFunction } = await import('../../entry/tick-function.ts');
    const handler = tickFunction(made.engine);
    const context = { awsRequestId: 'r-1' } as Context;
    const event: SQSEvent = { Records: [record(body)] };
    expect(await handler(event, context)).toEqual({ batchItemFailures: [] });
    expect(await runCount()).toBe(1);
    const { Messages = [] } = await made.clients.sqs.send(new ReceiveMessageCommand({ QueueUrl }));
    expect(Messages.map(({ Body }) => Body)).toEqual([body]);
    feed.after = () => {};
    expect(await handler(event, context)).toEqual({ batchItemFailures: [] });
    expect(await runCount()).toBe(3);
  });
});
