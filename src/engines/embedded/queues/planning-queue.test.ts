import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { someConnector, storeEndedRun } from '../../../../test/conformance/samples.ts';
import { openStillEngine, type StillEngine } from '../../../../test/embedded/test-engine.ts';
import type { Engine } from '../../../core/ports/engine.ts';
import { planningQueue } from './work-queues.ts';

describe('planning deliveries', () => {
  let still: StillEngine;
  beforeEach(async () => {
    still = await openStillEngine({});
    await still.engine.connectors.create(someConnector({ mode: 'outbound', agents: ['clerk'] }));
  });
  afterEach(() => still.close());

  /** Runs the queue until the outbox has nothing due. */
  const planDue = async (engine: Engine) => {
    const queue = planningQueue(still.database, engine, still.outbox);
    queue.start();
    while (still.outbox.due(still.now, 1).length > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    queue.stop();
    await queue.whenIdle();
  };

  test('a run that ends is planned, and leaves the outbox', async () => {
    const runId = await storeEndedRun(still.engine.runs);
    await planDue(still.engine);
    expect(await still.engine.deliveries.ofRun(runId)).toHaveLength(1);
    expect(still.outbox.nextDueAt()).toBeNull();
  });

  test('a run of an agent without outbound connectors has nothing to plan', async () => {
    await storeEndedRun(still.engine.runs, {}, { agents: ['poet'] });
    expect(still.outbox.nextDueAt()).toBeNull();
  });

  test('what cannot be planned is tried five times, becomes a dead letter, and can be retried', async () => {
    const { engine } = still;
    const runId = await storeEndedRun(engine.runs);
    const linkedTo = () => Promise.reject(new Error('a broken connector'));
    const broken = { ...engine, connectors: { ...engine.connectors, linkedTo } };
    const waitsMs: number[] = [];
    for (let due = still.outbox.nextDueAt(); due !== null; due = still.outbox.nextDueAt()) {
      waitsMs.push(Math.max(0, due - still.now));
      still.now = Math.max(still.now, due);
      await planDue(broken);
    }
    expect(waitsMs).toEqual([0, 1_000, 5_000, 30_000, 120_000]);
    const [letter] = (await engine.deadLetters.list({ limit: 9, cursor: null })).items;
    expect(letter).toMatchObject({
      source: 'plan-deliveries',
      runId,
      reason: expect.stringContaining('a broken connector'),
    });

    await engine.deadLetters.retry(letter?.deadLetterId ?? '');
    await planDue(engine);
    expect(await engine.deliveries.ofRun(runId)).toHaveLength(1);
  });
});
