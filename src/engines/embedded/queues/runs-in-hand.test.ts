import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { noon, someDispatch, someEnd, someLease, storeRun } from '../../../../test/conformance/samples.ts';
import { openTestStores, type TestStores } from '../../../../test/embedded/test-stores.ts';
import type { RunStore } from '../../../core/ports/run-store.ts';
import { notingRunsInHand, RunsInHand } from './admission-controller.ts';

const yearMs = 365 * 86_400_000;

describe('runs that this process has in hand', () => {
  let opened: TestStores;
  let inHand: RunsInHand;
  let runs: RunStore;
  /** Checks all leases, as the engine does, after the clock has jumped. */
  const tidyAYearLater = () => opened.stores.tidyRuns(noon + yearMs, inHand.runIds());

  beforeEach(async () => {
    opened = await openTestStores();
    inHand = new RunsInHand();
    runs = notingRunsInHand(opened.ports.runs, inHand);
  });
  afterEach(() => opened.close());

  test('are neither put back nor claimed when their lease looks over, and end as they would', async () => {
    const queued = await storeRun(runs);
    await runs.claim(queued, someLease('a'));
    const awaited = await storeRun(runs, { lease: someLease('b') });
    await tidyAYearLater();
    for (const [runId, owner] of [
      [queued, 'a'],
      [awaited, 'b'],
    ] as const) {
      expect(await runs.claim(runId, someLease('c', noon + yearMs))).toEqual({ outcome: 'not-claimable' });
      expect(await runs.end(runId, owner, someEnd())).toBe('ended');
      expect(await runs.get(runId)).toMatchObject({ status: 'completed', attempts: 1 });
    }
    expect(inHand.runIds()).toEqual([]);
  });

  test('are let go where nothing came of their claim or of their dispatch', async () => {
    const ended = await storeRun(runs, { lease: someLease('a') });
    await runs.end(ended, 'a', someEnd());
    expect(await runs.claim(ended, someLease('b'))).toEqual({ outcome: 'not-claimable' });
    const dispatch = someDispatch({ lease: someLease('c') });
    await opened.ports.runs.dispatch({ ...dispatch, lease: null });
    expect(await runs.dispatch(dispatch)).toMatchObject({ outcome: 'repeated' });
    expect(inHand.runIds()).toEqual([]);
  });

  test('that could not be ended are put back when their lease is over', async () => {
    const runId = await storeRun(runs, { lease: someLease('a') });
    opened.change('ALTER TABLE run_results RENAME TO away');
    await expect(runs.end(runId, 'a', someEnd())).rejects.toThrow('no such table: run_results');
    opened.change('ALTER TABLE away RENAME TO run_results');
    await tidyAYearLater();
    expect(await runs.get(runId)).toMatchObject({ status: 'queued' });
  });
});
