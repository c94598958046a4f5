import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { noon, someInterruption, someLease, storeRun } from '../../../../test/conformance/samples.ts';
import { openTestStores, type TestStores } from '../../../../test/embedded/test-stores.ts';
import { Connection } from '../store/connection.ts';
import { recoverLeases } from './interrupted-work.ts';

describe('a clock that is set back', () => {
  let opened: TestStores;
  beforeEach(async () => {
    opened = await openTestStores();
  });
  afterEach(() => opened.close());

  test('keeps no queued run waiting until it shows the same time again', async () => {
    const { runs } = opened.ports;
    const runId = await storeRun(runs);
    const backMs = 3_600_000;
    const claim = () => runs.claim(runId, { ...someLease('a'), now: noon - backMs + 5_000 });
    expect(await claim()).toEqual({ outcome: 'not-claimable' });
    await opened.database.write('bringForward', { table: 'runs', after: null, backMs, now: noon - backMs });
    expect(await claim()).toMatchObject({ outcome: 'claimed' });
  });

  test('keeps none waiting after the next start either', async () => {
    const { runs } = opened.ports;
    const runId = await storeRun(runs);
    const connection = new Connection(path.join(opened.folder, 'engine.db'), 'write');
    recoverLeases(connection, noon - 3_600_000);
    connection.close();
    const claimed = await runs.claim(runId, { ...someLease('a'), now: noon - 3_600_000 });
    expect(claimed).toMatchObject({ outcome: 'claimed' });
  });

  test('leaves what waits for its next try the wait that it had', async () => {
    const { runs } = opened.ports;
    const runId = await storeRun(runs, { lease: someLease('a') });
    await runs.release(runId, 'a', noon + 10_000, someInterruption);
    const backMs = 3_600_000;
    await opened.database.write('bringForward', { table: 'runs', after: null, backMs, now: noon - backMs });
    const claimAt = (now: number) => runs.claim(runId, { ...someLease('b'), now });
    expect(await claimAt(noon - backMs + 9_999)).toEqual({ outcome: 'not-claimable' });
    expect(await claimAt(noon - backMs + 10_000)).toMatchObject({ outcome: 'claimed' });
  });
});
