import { beforeEach, describe, expect, test } from '@jest/globals';
import { takeMessages } from '../../../test/aws/queue-messages.ts';
import {
  newId,
  sampleAttempt,
  sampleConnector,
  sampleDelivery,
  sampleDispatch,
  sampleEnd,
  sampleInterruption,
  sampleLease,
} from '../../../test/aws/samples.ts';
import { type TestEngine, testEngine } from '../../../test/aws/test-engine.ts';
import { holdKeys } from '../../core/control/hold.ts';
import { expiryAttribute, listedAt, waitingKey } from './store/keys.ts';
import { openTable } from './store/table.ts';

const minute = 60_000;
const day = 24 * 60 * minute;

let made: TestEngine;
beforeEach(async () => {
  made = await testEngine();
});

const messages = (queue: 'runQueueUrl' | 'deliveryQueueUrl') =>
  takeMessages(made.clients, made.resources[queue]);

async function queuedRuns(count: number): Promise<string[]> {
  const dispatches = Array.from({ length: count }, () => sampleDispatch(made.now));
  await Promise.all(dispatches.map((dispatch) => made.engine.runs.dispatch(dispatch)));
  return dispatches.flatMap((dispatch) => dispatch.runs.map((run) => run.runId));
}

describe('reconciling', () => {
  test('fails a run that has waited in a hold for as long as runs are kept, and leaves younger ones', async () => {
    const { holds, runs } = made.engine;
    const key = holdKeys.deployment;
    const reason = 'The deployment is paused.';
    await holds.begin({ key, since: made.now, by: 'jane', reason, drainPerMinute: null });
    const [old = ''] = await queuedRuns(1);
    await holds.holdRun(old, key, [], made.now);
    made.now += 20 * day;
    const [young = ''] = await queuedRuns(1);
    await holds.holdRun(young, key, [], made.now);
    made.now += 10 * day + 1;
    await made.engine.reconcile();
    expect(await runs.find(old)).toMatchObject({
      status: 'failed',
      error: {
        code: 'held-too-long',
        message:
          'The run waited for 30 days, as long as runs are kept, because it was held back. It was not started. ' +
          'Run it again if it is still wanted.',
      },
    });
    expect(await runs.find(young)).toMatchObject({ status: 'queued', waitsFor: key });
    expect(await holds.waiting(key)).toMatchObject({ count: 1 });
  });

  test('drops deliveries that are still held a day before their runs are removed, and records that', async () => {
    const { deliveries, history } = made.engine;
    const held = { status: 'held', reason: 'It rests.', nextAttemptAt: null } as const;
    const connectorId = newId();
    const store = async () => {
      const [runId = ''] = await queuedRuns(1);
      const delivery = sampleDelivery(made.now, { runId, connectorId, ...held });
      await deliveries.plan(runId, [delivery]);
      return delivery.deliveryId;
    };
    const old = await store();
    made.now += 20 * day;
    const young = await store();
    made.now += 9 * day + 1;
    await made.engine.reconcile();
    await made.engine.reconcile();
    expect(await deliveries.get(old)).toMatchObject({
      status: 'cancelled',
      reason: 'It was still held when its run was about to be removed, after 30 days.',
    });
    expect(await deliveries.get(young)).toMatchObject({ status: 'held' });
    expect((await history.list(connectorId, { limit: 10, cursor: null })).items).toMatchObject([
      {
        event: 'delivery.dropped',
        detail:
          'Results were dropped: they were still held when their runs were about to be removed, after 30 days.',
      },
    ]);
  });

  test('counts the wait of a scheduled run from when it was due, and keeps its place in the line as long', async () => {
    const { holds, runs } = made.engine;
    const key = holdKeys.deployment;
    const reason = 'The deployment is paused.';
    await holds.begin({ key, since: made.now, by: 'jane', reason, drainPerMinute: null });
    const createdAt = made.now;
    const dueAt = createdAt + 60 * day;
    const scheduled = Array.from({ length: 11 }, () => sampleDispatch(createdAt, { scheduledAt: dueAt }));
    for (const dispatch of scheduled) await runs.dispatch(dispatch);
    const ids = scheduled.flatMap((dispatch) => dispatch.runs.map(({ runId }) => runId));
    made.now += 29 * day;
    const [old = ''] = await queuedRuns(1);
    await holds.holdRun(old, key, [], made.now);
    made.now = dueAt;
    for (const runId of ids) expect(await holds.holdRun(runId, key, [], made.now)).toBe('held');
    await made.engine.reconcile();
    for (const runId of ids) expect(await runs.find(runId)).toMatchObject({ status: 'queued' });
    expect(await runs.find(old)).toMatchObject({ status: 'failed', error: { code: 'held-too-long' } });
    const table = openTable(made.clients.dynamo, made.resources.tableName);
    const [first = ''] = ids;
    expect(await table.get(waitingKey(key, listedAt(createdAt, first)))).toMatchObject({
      [expiryAttribute]: (dueAt + 37 * day) / 1_000,
    });
    made.now += 30 * day + 1;
    await made.engine.reconcile();
    for (const runId of ids) expect(await runs.find(runId)).toMatchObject({ status: 'failed' });
    expect(await holds.waiting(key)).toMatchObject({ count: 0 });
  });

  test('sends queued runs that have no message again, ever more rarely', async () => {
    const runIds = await queuedRuns(40);
    made.now += minute;
    expect(await made.engine.reconcile()).toEqual({ runs: 0, plans: 0, deliveries: 0, scheduled: 0 });
    made.now += minute;
    expect(await made.engine.reconcile()).toEqual({ runs: 40, plans: 0, deliveries: 0, scheduled: 0 });
    expect((await messages('runQueueUrl')).sort()).toEqual([...runIds].sort());
    made.now += minute;
    expect(await made.engine.reconcile()).toMatchObject({ runs: 0 });
    made.now += minute;
    expect(await made.engine.reconcile()).toMatchObject({ runs: 40 });
    made.now += 7 * minute;
    expect(await made.engine.reconcile()).toMatchObject({ runs: 0 });
  });

  test('sends a run whose lease ran out, and leaves one that is held', async () => {
    const [crashed = '', healthy = ''] = await queuedRuns(2);
    await made.engine.runs.claim(crashed, sampleLease(made.now));
    await made.engine.runs.claim(healthy, { ...sampleLease(made.now), until: made.now + 60 * minute });
    made.now += minute;
    expect(await made.engine.reconcile()).toMatchObject({ runs: 1 });
    expect(await messages('runQueueUrl')).toEqual([crashed]);
  });

  test('sends a released run when its message got lost', async () => {
    const [runId = ''] = await queuedRuns(1);
    const lease = sampleLease(made.now);
    await made.engine.runs.claim(runId, lease);
    await made.engine.runs.release(runId, lease.owner, made.now, sampleInterruption);
    expect(await messages('runQueueUrl')).toEqual([runId]);
    made.now += 2 * minute;
    expect(await made.engine.reconcile()).toMatchObject({ runs: 1 });
  });

  test('plans an ended run that the stream has lost, once', async () => {
    const connector = sampleConnector(made.now, { mode: 'outbound' });
    await made.engine.connectors.create(connector);
    const [runId = ''] = await queuedRuns(1);
    const lease = sampleLease(made.now);
    await made.engine.runs.claim(runId, lease);
    await made.engine.runs.end(runId, lease.owner, sampleEnd(made.now));
    made.now += 5 * minute - 1;
    expect(await made.engine.reconcile()).toMatchObject({ plans: 0 });
    made.now += 1;
    expect(await made.engine.reconcile()).toMatchObject({ plans: 1 });
    expect(await made.engine.deliveries.ofRun(runId)).toMatchObject([
      { connectorId: connector.id, status: 'pending' },
    ]);
    expect(await made.engine.reconcile()).toMatchObject({ plans: 0 });
  });

  test('sends a delivery whose wait is longer than a message can be, at its time', async () => {
    const [runId = ''] = await queuedRuns(1);
    const delivery = sampleDelivery(made.now, { runId });
    await made.engine.deliveries.plan(runId, [delivery]);
    await made.engine.deliveries.claim(delivery.deliveryId, 'me', made.now, made.now + minute);
    await made.engine.deliveries.record(delivery.deliveryId, 'me', sampleAttempt(made.now, 'no'), {
      status: 'pending',
      nextAttemptAt: made.now + 30 * minute,
    });
    await messages('deliveryQueueUrl');
    made.now += 30 * minute - 1;
    expect(await made.engine.reconcile()).toMatchObject({ deliveries: 0, scheduled: 0 });
    made.now += 1;
    expect(await made.engine.reconcile()).toMatchObject({ deliveries: 1 });
    expect(await messages('deliveryQueueUrl')).toEqual([delivery.deliveryId]);
  });

  test('sends a delivery whose message or whose attempt got lost, and none that has ended', async () => {
    const [runId = ''] = await queuedRuns(1);
    const [lost, crashed, ended] = [1, 2, 3].map(() => sampleDelivery(made.now, { runId }));
    if (lost === undefined || crashed === undefined || ended === undefined) throw new Error('unreachable');
    await made.engine.deliveries.plan(runId, [lost, crashed, ended]);
    await messages('deliveryQueueUrl');
    await made.engine.deliveries.claim(crashed.deliveryId, 'me', made.now, made.now + minute);
    await made.engine.deliveries.claim(ended.deliveryId, 'me', made.now, made.now + minute);
    await made.engine.deliveries.record(ended.deliveryId, 'me', sampleAttempt(made.now), {
      status: 'delivered',
      nextAttemptAt: null,
    });
    made.now += 3 * minute;
    await made.engine.reconcile();
    expect((await messages('deliveryQueueUrl')).sort()).toEqual([lost.deliveryId, crashed.deliveryId].sort());
  });
});

describe('scheduled runs', () => {
  const schedule = async (inMs: number) => {
    const dispatch = sampleDispatch(made.now, { scheduledAt: made.now + inMs });
    await made.engine.runs.dispatch(dispatch);
    await made.engine.signals.announceQueued(dispatch.runs);
    return dispatch.runs[0]?.runId ?? '';
  };
  const find = (runId: string) => made.engine.runs.find(runId);

  test('are announced shortly before they are due, once', async () => {
    const runId = await schedule(60 * minute);
    expect(await made.engine.reconcile()).toMatchObject({ runs: 0, scheduled: 0 });
    made.now += 59 * minute;
    expect(await made.engine.reconcile()).toMatchObject({ runs: 0, scheduled: 1 });
    expect(await made.engine.reconcile()).toMatchObject({ runs: 0, scheduled: 0 });
    expect((await made.engine.runs.claim(runId, sampleLease(made.now))).outcome).toBe('not-claimable');
    made.now += minute;
    expect((await made.engine.runs.claim(runId, sampleLease(made.now))).outcome).toBe('claimed');
    made.now += 60 * minute;
    expect(await made.engine.reconcile()).toMatchObject({ scheduled: 0 });
  });

  test('are announced again when their message was lost', async () => {
    const runId = await schedule(1);
    made.now += minute;
    expect(await made.engine.reconcile()).toMatchObject({ scheduled: 1 });
    expect(await find(runId)).toMatchObject({ status: 'scheduled' });
  });

  test('that are due within 5 minutes are announced at once, and looked at only after that', async () => {
    await schedule(4 * minute);
    made.now += 3 * minute;
    expect(await made.engine.reconcile()).toMatchObject({ scheduled: 0 });
    made.now += 2 * minute;
    expect(await made.engine.reconcile()).toMatchObject({ scheduled: 1 });
  });

  test('follow a change of their time: an earlier message finds them not due', async () => {
    const runId = await schedule(minute);
    expect(await made.engine.runs.reschedule(runId, made.now + 60 * minute)).toBe('rescheduled');
    made.now += 2 * minute;
    expect((await made.engine.runs.claim(runId, sampleLease(made.now))).outcome).toBe('not-claimable');
    made.now += 57 * minute;
    expect(await made.engine.reconcile()).toMatchObject({ scheduled: 1 });
    made.now += 2 * minute;
    expect((await made.engine.runs.claim(runId, sampleLease(made.now))).outcome).toBe('claimed');
  });

  test('that are cancelled are announced no more', async () => {
    const runId = await schedule(60 * minute);
    await made.engine.runs.requestCancel(runId, made.now);
    made.now += 60 * minute;
    expect(await made.engine.reconcile()).toMatchObject({ scheduled: 0 });
  });

  test('wait for a place of a full slot in the queue, since the time when they were due', async () => {
    const slot = { key: 'one at a time', limit: 1 };
    const [holder = ''] = await queuedRuns(1);
    await made.engine.runs.claim(holder, sampleLease(made.now, [slot]));
    const runId = await schedule(minute);
    made.now += minute;
    expect(await made.engine.runs.claim(runId, sampleLease(made.now, [slot]))).toMatchObject({
      outcome: 'busy',
    });
    expect(await made.engine.waitForSlot(runId, slot)).toBe('waiting');
    expect(await find(runId)).toMatchObject({ status: 'queued' });
    expect(await made.engine.runs.queueDepth()).toEqual({ queued: 1, held: 0, oldestQueuedAt: made.now });
    await made.engine.runs.requestCancel(runId, made.now);
  });

  test('that are due while the deployment is paused wait in its hold', async () => {
    const key = 'hold:deployment';
    const hold = {
      key,
      since: made.now,
      by: 'ann',
      reason: 'paused',
      drainPerMinute: null,
      drainingSince: null,
    };
    await made.engine.holds.begin(hold);
    const runId = await schedule(minute);
    made.now += minute;
    expect(await made.engine.holds.holdRun(runId, key, [], made.now)).toBe('held');
    expect(await find(runId)).toMatchObject({ status: 'queued', waitsFor: key });
  });

  test('are announced however many are due at the same time', async () => {
    for (let batch = 0; batch < 6; batch++) {
      const dispatches = Array.from({ length: 50 }, () =>
        sampleDispatch(made.now, { scheduledAt: made.now + 30 * minute }),
      );
      await Promise.all(dispatches.map((dispatch) => made.engine.runs.dispatch(dispatch)));
    }
    made.now += 30 * minute;
    expect(await made.engine.reconcile()).toMatchObject({ scheduled: 300 });
  });
});
