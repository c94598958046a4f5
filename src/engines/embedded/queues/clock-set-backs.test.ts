import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  noon,
  someDelivery,
  someInterruption,
  someLease,
  storeRun,
} from '../../../../test/conformance/samples.ts';
import {
  openTestStores,
  silentLog,
  type TestStores,
  temporaryFolder,
} from '../../../../test/embedded/test-stores.ts';
import { writerCode } from '../store/database.ts';
import { ClockWatch, clockSetBacks } from './clock-watch.ts';

const backMs = 3_600_000;

describe('what waits when the clock is set back', () => {
  let opened: TestStores;
  let now: number;
  let logged: unknown[];
  let look: () => Promise<void>;

  const open = async (code?: URL) => {
    opened = await openTestStores({}, code);
    now = noon;
    logged = [];
    const clock = () => now;
    const log = { ...silentLog, warn: (event: string, fields: object) => logged.push({ event, ...fields }) };
    look = clockSetBacks(opened.database, new ClockWatch(clock, () => 0), clock, log);
  };
  beforeEach(() => open());
  afterEach(() => opened.close());

  const waitingRun = async () => {
    const runId = await storeRun(opened.ports.runs, { lease: someLease('a') });
    await opened.ports.runs.release(runId, 'a', noon + 10_000, someInterruption);
  };
  const waitingDelivery = async () => {
    const delivery = someDelivery({ nextAttemptAt: noon + 20_000 });
    await opened.ports.deliveries.plan(delivery.runId, [delivery]);
  };
  /** The waits left, in ms. */
  const waits = (table: 'runs' | 'deliveries') =>
    opened.database
      .statement(`SELECT DISTINCT available_at - ? AS wait FROM ${table}`)
      .all(now)
      .map(({ wait }) => wait);

  test('keeps the wait that it had, however many rows there are', async () => {
    await waitingRun();
    await waitingDelivery();
    opened.change(`
      WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers LIMIT 12000)
      INSERT INTO deliveries (position, delivery_id, run_id, agent_name, connector_id, status, attempts_in_schedule,
        next_attempt_at, available_at, created_at)
      SELECT position + n, n, run_id, agent_name, connector_id, status, 1, next_attempt_at, available_at, created_at
      FROM deliveries, numbers`);
    now -= backMs;
    await look();
    expect([waits('runs'), waits('deliveries')]).toEqual([[10_000], [20_000]]);
    await look();
    expect([waits('runs'), waits('deliveries')]).toEqual([[10_000], [20_000]]);
    expect(logged).toEqual([{ event: 'clock.set-back', by_ms: backMs }]);
  });

  test('is brought forward by a later look where the first one could not write', async () => {
    await waitingRun();
    await waitingDelivery();
    opened.change('ALTER TABLE deliveries RENAME TO away');
    now -= backMs;
    await expect(look()).rejects.toThrow('no such table: deliveries');
    opened.change('ALTER TABLE away RENAME TO deliveries');
    expect([waits('runs'), waits('deliveries')]).toEqual([[10_000], [backMs + 20_000]]);
    await look();
    expect([waits('runs'), waits('deliveries')]).toEqual([[10_000], [20_000]]);
  });

  test('is brought forward once where the writer ends after its work, before it has answered', async () => {
    await opened.close();
    const folder = await temporaryFolder();
    const ending = path.join(folder, 'ending');
    const source = `
      import { existsSync, rmSync } from 'node:fs';
      import { parentPort } from 'node:worker_threads';
      const answer = parentPort.postMessage.bind(parentPort);
      parentPort.postMessage = (reply) => {
        if (!existsSync(${JSON.stringify(ending)})) return answer(reply);
        rmSync(${JSON.stringify(ending)});
        process.exit();
      };
      await import(${JSON.stringify(writerCode.href)});`;
    await open(new URL(`data:text/javascript,${encodeURIComponent(source)}`));
    await waitingRun();
    now -= backMs;
    await writeFile(ending, '');
    await expect(look()).rejects.toThrow('The writing of the database broke off.');
    expect(existsSync(ending)).toBe(false);
    expect(waits('runs')).toEqual([10_000]);
    await look();
    expect(waits('runs')).toEqual([10_000]);
    await rm(folder, { recursive: true });
  });
});
