import { beforeEach, describe, expect, test } from '@jest/globals';
import { takeMessages } from '../../../../test/aws/queue-messages.ts';
import { sampleDispatch, sampleEnd, sampleLease } from '../../../../test/aws/samples.ts';
import { type TestEngine, testEngine } from '../../../../test/aws/test-engine.ts';
import { takeRun } from '../entry/take-run.ts';
import { expiryAttribute, slotKey } from '../store/keys.ts';
import { openTable } from '../store/table.ts';

const slot = { key: 'single', limit: 1 };
let made: TestEngine;
beforeEach(async () => {
  made = await testEngine({ agents: { single: { maxConcurrentRuns: 1 } }, tools: { single: () => 'done' } });
});

const messages = () => takeMessages(made.clients, made.resources.runQueueUrl);

async function queuedRun(at = made.now): Promise<string> {
  const dispatch = sampleDispatch(at, { agents: ['single'] });
  await made.engine.runs.dispatch(dispatch);
  return dispatch.runs[0]?.runId ?? '';
}

/** A run that holds the only place, and its lease. */
async function heldRun() {
  const runId = await queuedRun();
  const lease = sampleLease(made.now, [slot]);
  await made.engine.runs.claim(runId, lease);
  return { runId, lease };
}

describe('runs that wait for a place', () => {
  test('are announced one for each place that is freed, in the order in which they were queued', async () => {
    const { runId, lease } = await heldRun();
    const [second, first] = [await queuedRun(made.now + 2), await queuedRun(made.now + 1)];
    made.now += 10;
    await takeRun(made.engine, second);
    await takeRun(made.another(), first);
    expect(await messages()).toEqual([]);
    await made.engine.runs.end(runId, lease.owner, sampleEnd(made.now));
    expect(await messages()).toEqual([first]);
    // The end of the first announces the second.
    await takeRun(made.engine, first);
    expect(await messages()).toEqual([second]);
    await takeRun(made.engine, second);
    expect(await messages()).toEqual([]);
    for (const ended of [first, second])
      expect(await made.engine.runs.get(ended)).toMatchObject({ status: 'completed', attempts: 1 });
  });

  test('are tried again at once where a place was freed while they were queued for it', async () => {
    const { runId, lease } = await heldRun();
    const waiting = await queuedRun();
    const other = made.another();
    const waitForSlot = other.waitForSlot;
    const late = {
      ...other,
      async waitForSlot(id: string, wanted: typeof slot) {
        await made.engine.runs.end(runId, lease.owner, sampleEnd(made.now));
        return waitForSlot(id, wanted);
      },
    };
    await takeRun(late, waiting);
    expect(await made.engine.runs.get(waiting)).toMatchObject({ status: 'completed' });
  });

  test('leave the queue when they are cancelled: the next one is announced instead', async () => {
    const { runId, lease } = await heldRun();
    const [cancelled, next] = [await queuedRun(made.now + 1), await queuedRun(made.now + 2)];
    made.now += 10;
    for (const waiting of [cancelled, next]) await takeRun(made.engine, waiting);
    expect(await made.engine.runs.requestCancel(cancelled, made.now)).toBe('cancelled');
    await made.engine.runs.end(runId, lease.owner, sampleEnd(made.now));
    expect(await messages()).toEqual([next]);
  });

  test('hand their turn on when they are cancelled after they were announced', async () => {
    const { runId, lease } = await heldRun();
    const [called, next] = [await queuedRun(made.now + 1), await queuedRun(made.now + 2)];
    made.now += 10;
    for (const waiting of [called, next]) await takeRun(made.engine, waiting);
    await made.engine.runs.end(runId, lease.owner, sampleEnd(made.now));
    expect(await messages()).toEqual([called]);
    expect(await made.engine.runs.requestCancel(called, made.now)).toBe('cancelled');
    expect(await messages()).toEqual([next]);
  });

  test('hand their turn on when another limit keeps them from taking it', async () => {
    const { runId, lease } = await heldRun();
    const other = { key: 'single\nA-1', limit: 1 };
    const holder = await queuedRun();
    await made.engine.runs.claim(holder, sampleLease(made.now, [other]));
    const [called, next] = [await queuedRun(made.now + 1), await queuedRun(made.now + 2)];
    made.now += 10;
    for (const waiting of [called, next]) await made.engine.waitForSlot(waiting, slot);
    await made.engine.runs.end(runId, lease.owner, sampleEnd(made.now));
    expect(await messages()).toEqual([called]);
    expect(await made.engine.waitForSlot(called, other)).toBe('waiting');
    expect(await messages()).toEqual([next]);
  });

  test('that the reconciler has called in vain are called ever more rarely', async () => {
    const holder = await queuedRun();
    await made.engine.runs.claim(holder, { ...sampleLease(made.now, [slot]), until: made.now + 3_600_000 });
    const waiting = await queuedRun();
    await takeRun(made.engine, waiting);
    made.now += 120_000;
    expect(await made.engine.reconcile()).toMatchObject({ runs: 1 });
    for (const called of await messages()) await takeRun(made.engine, called);
    made.now += 120_000;
    expect(await made.engine.reconcile()).toMatchObject({ runs: 1 });
    for (const called of await messages()) await takeRun(made.engine, called);
    made.now += 120_000;
    expect(await made.engine.reconcile()).toMatchObject({ runs: 0 });
  });

  test('are announced by the reconciler where the announcement got lost', async () => {
    const { runId, lease } = await heldRun();
    const waiting = await queuedRun();
    await takeRun(made.engine, waiting);
    await made.engine.runs.end(runId, lease.owner, sampleEnd(made.now));
    await messages();
    made.now += 119_999;
    expect(await made.engine.reconcile()).toMatchObject({ runs: 0 });
    made.now += 1;
    expect(await made.engine.reconcile()).toMatchObject({ runs: 1 });
    expect(await messages()).toEqual([waiting]);
  });

  test('all run in the end, however many functions ask at once', async () => {
    const runIds = await Promise.all(Array.from({ length: 12 }, () => queuedRun()));
    let announced: string[] = runIds;
    while (announced.length > 0) {
      await Promise.all(announced.map((runId) => takeRun(made.another(), runId)));
      announced = await messages();
    }
    const runs = await Promise.all(runIds.map((runId) => made.engine.runs.get(runId)));
    expect(runs.map((run) => run?.status)).toEqual(runIds.map(() => 'completed'));
  });
});

test('A slot is forgotten a day after its last lease', async () => {
  const { lease } = await heldRun();
  const item = await openTable(made.clients.dynamo, made.resources.tableName).get(slotKey(slot.key));
  expect(item?.[expiryAttribute]).toBe(Math.ceil(lease.until / 1_000) + 86_400);
});
