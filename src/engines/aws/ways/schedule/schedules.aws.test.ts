import { RestoreTableToPointInTimeCommand } from '@aws-sdk/client-dynamodb';
import { DeleteScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { type TestSources, testSources } from '../../../../../test/aws/test-sources.ts';
import { changeConnector } from '../../../../core/connectors/change-connector.ts';
import type { Connector } from '../../../../core/connectors/connector.ts';
import { createConnector } from '../../../../core/connectors/create-connector.ts';
import { deleteConnector } from '../../../../core/connectors/delete-connector.ts';
import { retryDeadLetter } from '../../../../core/deliveries/retry-dead-letter.ts';
import type { Engine } from '../../../../core/ports/engine.ts';
import { runNow } from '../../../../core/schedules/operate-schedule.ts';
import { keepDeadLetter } from '../../entry/keep-dead-letter.ts';
import { openSources } from '../open-sources.ts';
import { takeTick } from './take-tick.ts';
import { tickBody } from './tick-message.ts';

const minute = 60_000;
const nine = { schedule: '0 9 * * 1-5', timezone: 'Europe/Berlin' };

let made: TestSources;
beforeEach(async () => {
  made = await testSources();
});

const change = (connector: Connector, patch: Parameters<typeof changeConnector>[3]) =>
  changeConnector(made.engine, 'test', connector.id, patch);

const events = async (connector: Connector) => {
  const { items } = await made.engine.history.list(connector.id, { limit: 10, cursor: null });
  return items.map(({ event, detail }) => ({ event, detail }));
};

describe('the schedules of a connector', () => {
  test('are made with it: expression, zone, what they send, for how long they try', async () => {
    const connector = await made.createCron(nine);
    expect(await made.schedule(`${connector.id}-1`)).toMatchObject({
      State: 'ENABLED',
      ScheduleExpression: 'cron(0 9 ? * 2-6 *)',
      ScheduleExpressionTimezone: 'Europe/Berlin',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: {
        Arn: made.places.schedules.tickQueueArn,
        RoleArn: made.places.schedules.roleArn,
        DeadLetterConfig: { Arn: made.places.schedules.deadLetterQueueArn },
        RetryPolicy: { MaximumRetryAttempts: 30, MaximumEventAgeInSeconds: 3_600 },
      },
    });
    expect(await made.scheduleNames()).toEqual([`${connector.id}-1`]);
  });

  test('are two where either of two days is enough, and one again when it no longer is', async () => {
    const connector = await made.createCron({ schedule: '0 9 1 * mon' });
    expect(await made.scheduleNames()).toEqual([`${connector.id}-1`, `${connector.id}-2`]);
    await change(connector, { config: { schedule: '0 9 1 * *' } });
    expect(await made.scheduleNames()).toEqual([`${connector.id}-1`]);
    expect((await made.schedule(`${connector.id}-1`)).ScheduleExpression).toBe('cron(0 9 1 * ? *)');
  });

  test('go while the connector is disabled, and with it', async () => {
    const connector = await made.createCron(nine);
    await change(connector, { enabled: false });
    expect(await made.scheduleNames()).toEqual([]);
    expect(await made.engine.sources.state(connector.id)).toMatchObject({ status: 'stopped' });
    await change(connector, { enabled: true });
    expect(await made.scheduleNames()).toHaveLength(1);
    await deleteConnector(made.engine, 'test', connector.id);
    expect(await made.scheduleNames()).toEqual([]);
    expect(await made.engine.sources.state(connector.id)).toBeNull();
  });

  test('know zones in any case', async () => {
    const connector = await made.createCron({ ...nine, timezone: 'europe/berlin' });
    expect((await made.schedule(`${connector.id}-1`)).ScheduleExpressionTimezone).toBe('Europe/Berlin');
  });

  test('are refused with the reason where EventBridge cannot express them', async () => {
    const draft = { name: 'x', type: 'cron', mode: 'inbound', agents: ['echo'] } as const;
    const config = { schedule: '0 9 */2 * mon' };
    expect(
      await createConnector(made.engine, 'test', { ...draft, config, name: crypto.randomUUID() }),
    ).toMatchObject({
      outcome: 'refused',
      problems: [
        {
          field: 'config.schedule',
          message: expect.stringMatching(/EventBridge cannot require both/),
        },
      ],
    });
    expect(await made.scheduleNames()).toEqual([]);
  });

  test('tell their state: when they come next', async () => {
    const connector = await made.createCron(nine);
    expect(await made.engine.sources.state(connector.id)).toEqual({
      status: 'running',
      since: made.now,
      lastError: null,
      nextEventAt: Date.UTC(2026, 0, 1, 8),
      backlog: null,
    });
  });
});

describe('a connector never stays without its schedule', () => {
  test('where the function ended between the record and the schedule', async () => {
    const { engine: killed } = { engine: made.another({ types: made.engine.types }) };
    const draft = { name: 'x', type: 'cron', mode: 'inbound', config: nine, agents: ['echo'] } as const;
    const created = await createConnector(killed, 'test', { ...draft, name: crypto.randomUUID() });
    if (created.outcome !== 'created') throw new Error(created.detail);
    expect(await made.engine.sources.state(created.connector.id)).toMatchObject({ status: 'starting' });
    made.now += minute;
    await made.engine.followSources();
    expect(await made.scheduleNames()).toEqual([`${created.connector.id}-1`]);
    expect(await made.engine.sources.state(created.connector.id)).toMatchObject({ status: 'running' });
  });

  test('where the scheduler was away: it says why, and goes on by itself', async () => {
    const nobody = new SchedulerClient({ endpoint: 'http://127.0.0.1:1', maxAttempts: 1 });
    const clients = { ...made.clients, scheduler: async () => nobody };
    const cutOff = made.another({ types: made.engine.types, sources: openSources(made.places), clients });
    const draft = { name: 'x', type: 'cron', mode: 'inbound', config: nine, agents: ['echo'] } as const;
    const created = await createConnector(cutOff, 'test', { ...draft, name: crypto.randomUUID() });
    if (created.outcome !== 'created') throw new Error(created.detail);
    const { connector } = created;
    expect(await made.engine.sources.state(connector.id)).toMatchObject({
      status: 'failing',
      lastError: { at: made.now, message: expect.stringMatching(/^AWS is unavailable: .*ECONNREFUSED/) },
    });
    made.now += minute;
    await made.engine.followSources();
    expect(await made.scheduleNames()).toEqual([`${connector.id}-1`]);
    expect(await made.engine.sources.state(connector.id)).toMatchObject({
      status: 'running',
      lastError: null,
    });
    expect(await events(connector)).toEqual([
      { event: 'source.running', detail: 'Its source is in place again.' },
      { event: 'source.failing', detail: expect.stringMatching(/^AWS is unavailable/) },
    ]);
  });

  test('where somebody has removed it; and what nobody has a connector for goes', async () => {
    const removed = await made.createCron(nine);
    const orphaned = await made.createCron(nine);
    const client = await made.clients.scheduler();
    const { groupName: GroupName } = made.places.schedules;
    await client.send(new DeleteScheduleCommand({ GroupName, Name: `${removed.id}-1` }));
    await made.another({ types: new Map() }).connectors.delete(orphaned.id);
    await made.engine.followSources();
    made.now += 17 * minute;
    await made.engine.followSources();
    expect(await made.scheduleNames()).toEqual([`${removed.id}-1`]);
  });
});

describe('a table that was restored under another name', () => {
  /** An engine of a deployment that has adopted the current table, with the existing schedules. */
  async function restored() {
    const { tableName: SourceTableName } = made.resources;
    const tableName = `${SourceTableName}-restored`;
    const use = { UseLatestRestorableTime: true };
    await made.clients.dynamo.send(
      new RestoreTableToPointInTimeCommand({ SourceTableName, TargetTableName: tableName, ...use }),
    );
    const sources = openSources({ ...made.places, tableName });
    return made.another({ types: made.engine.types, tableName, sources });
  }

  test('has the schedules that its connectors say, whatever was changed after the backup', async () => {
    const changed = await made.createCron(nine);
    const deleted = await made.createCron(nine);
    await made.engine.followSources();
    const engine = await restored();
    const madeLater = await made.createCron(nine);
    await change(changed, { config: { schedule: '0 10 * * *' } });
    await deleteConnector(made.engine, 'test', deleted.id);
    expect(await made.scheduleNames()).toEqual([`${changed.id}-1`, `${madeLater.id}-1`].sort());

    await engine.followSources();
    made.now += minute;
    await engine.followSources();
    expect(await made.scheduleNames()).toEqual([`${changed.id}-1`, `${deleted.id}-1`].sort());
    expect((await made.schedule(`${changed.id}-1`)).ScheduleExpression).toBe('cron(0 9 ? * 2-6 *)');
  });

  test('is told from its own one: a deployment that goes on leaves what its connectors have', async () => {
    const connector = await made.createCron(nine);
    await made.engine.followSources();
    const another = made.another({ types: made.engine.types, sources: openSources(made.places) });
    const before = await another.sources.state(connector.id);
    await another.followSources();
    expect(await another.sources.state(connector.id)).toEqual(before);
  });
});

describe('a tick', () => {
  const tickAt = Date.UTC(2026, 0, 1, 8);

  /** What the schedule sends at `tickAt`: its input, with the time that EventBridge inserts. */
  async function sentBy(connector: Connector): Promise<string> {
    const { Target: target } = await made.schedule(`${connector.id}-1`);
    return (target?.Input ?? '').replace('<aws.scheduler.scheduled-time>', '2026-01-01T08:00:00Z');
  }

  const runsOf = async (connector: Connector) =>
    (await made.engine.runs.list({ connectorId: connector.id, limit: 10, cursor: null })).items;

  test('makes one set of runs, however often the scheduler fires it', async () => {
    const connector = await made.createCron(nine);
    const body = await sentBy(connector);
    made.now = tickAt + 400;
    expect(await takeTick(made.engine, body)).toMatchObject({ outcome: 'fired' });
    expect(await takeTick(made.engine, body)).toEqual({ outcome: 'repeated' });
    const [run, ...others] = await runsOf(connector);
    expect(others).toEqual([]);
    const stored = await made.engine.runs.get(run?.runId ?? '');
    expect(stored?.payload.value).toEqual({
      trigger: 'cron',
      schedule: '0 9 * * 1-5',
      triggered_at: '2026-01-01T08:00:00Z',
    });
  });

  test('of two schedules that come together is one, also where overlaps are skipped', async () => {
    const connector = await made.createCron({ ...nine, schedule: '0 9 1 * thu', overlap: 'skip' });
    const body = await sentBy(connector);
    made.now = tickAt;
    const outcomes = await Promise.all([takeTick(made.engine, body), takeTick(made.engine, body)]);
    expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(['fired', 'repeated']);
    expect(await runsOf(connector)).toHaveLength(1);
  });

  test('is skipped and recorded while the run before it has not ended', async () => {
    const connector = await made.createCron({ ...nine, overlap: 'skip' });
    made.now = tickAt;
    await runNow(made.engine, 'test', connector.id);
    expect(await takeTick(made.engine, await sentBy(connector))).toEqual({ outcome: 'skipped' });
    expect(await events(connector)).toMatchObject([{ event: 'tick.skipped' }]);
  });

  test('is skipped however many runs of others lie before the one that has not ended', async () => {
    const connector = await made.createCron({ ...nine, overlap: 'skip' });
    made.now = tickAt;
    await runNow(made.engine, 'test', connector.id);
    let emptyPages = 12;
    const runs: Engine['runs'] = {
      ...made.engine.runs,
      // The table's answer if a page ends before anything is found.
      list: async (query) =>
        emptyPages-- > 0
          ? { items: [], nextCursor: `${String(made.now + emptyPages).padStart(15, '0')}#ffff` }
          : made.engine.runs.list({ ...query, cursor: null }),
    };
    const engine = { ...made.engine, runs };
    expect(await takeTick(engine, await sentBy(connector))).toEqual({ outcome: 'skipped' });
  });

  test('that comes later than is caught up with is recorded as missed', async () => {
    const connector = await made.createCron(nine);
    made.now = tickAt + 2 * minute;
    expect(await takeTick(made.engine, await sentBy(connector))).toEqual({ outcome: 'missed' });
    expect(await runsOf(connector)).toEqual([]);
    expect(await events(connector)).toEqual([
      { event: 'tick.missed', detail: 'The tick of 2026-01-01T08:00:00Z was missed.' },
    ]);
  });

  test('of a schedule that was changed meanwhile fires nothing', async () => {
    const connector = await made.createCron(nine);
    const body = await sentBy(connector);
    await change(connector, { config: { schedule: '0 10 * * *' } });
    made.now = tickAt;
    expect(await takeTick(made.engine, body)).toEqual({ outcome: 'not-acquired' });
    await deleteConnector(made.engine, 'test', connector.id);
    expect(await takeTick(made.engine, body)).toEqual({ outcome: 'not-acquired' });
  });

  test('that could not be fired is kept, and fired however late when an operator wants it', async () => {
    const connector = await made.createCron(nine);
    const body = tickBody({ connectorId: connector.id, identity: 'x', tickAt: '2026-01-01T08:00:00Z' });
    await keepDeadLetter(made.engine, 'fire-tick', {
      messageId: 'm-1',
      receiptHandle: '',
      body,
      attributes: {
        SentTimestamp: String(tickAt),
        ApproximateReceiveCount: '10',
        SenderId: '',
        ApproximateFirstReceiveTimestamp: '',
      },
      messageAttributes: {},
      md5OfBody: '',
      eventSource: 'aws:sqs',
      eventSourceARN: '',
      awsRegion: '',
    });
    const { items } = await made.engine.deadLetters.list({ limit: 10, cursor: null });
    expect(items).toMatchObject([{ source: 'fire-tick', connectorId: connector.id }]);
    made.now = tickAt + 600 * minute;
    await retryDeadLetter(made.engine, 'test', items[0]?.deadLetterId ?? '');
    expect(await runsOf(connector)).toHaveLength(1);
    expect((await made.engine.deadLetters.list({ limit: 10, cursor: null })).items).toEqual([]);
  });
});
