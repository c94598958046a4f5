import { rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { projectOf, toolAgent } from '../../../../test/embedded/test-project.ts';
import { silentLog, temporaryFolder } from '../../../../test/embedded/test-stores.ts';
import { loadConnectorTypes } from '../../../connectors/index.ts';
import { Payload } from '../../../core/json/json-value.ts';
import type { When } from '../../../core/runs/due-time.ts';
import { rescheduleRun } from '../../../core/runs/reschedule-run.ts';
import { startRun } from '../../../core/runs/start-run.ts';
import { type EmbeddedEngine, startEmbedded } from '../runtime.ts';

const connectorTypes = await loadConnectorTypes();

const hourSeconds = 3_600;

describe('scheduled runs', () => {
  let folder: string;
  let running: EmbeddedEngine;
  /** How far the clock was set forward, or back if negative. */
  let aheadMs: number;

  beforeEach(async () => {
    folder = await temporaryFolder();
    aheadMs = 0;
  });
  afterEach(async () => {
    await running.stop();
    await rm(folder, { recursive: true });
  });

  const start = async () => {
    running = startEmbedded({
      dataDir: path.join(folder, 'data'),
      project: await projectOf(folder, { echo: 'async (input) => JSON.stringify(input)' }, [
        toolAgent('echo'),
      ]),
      types: connectorTypes,
      log: silentLog,
      env: { PATH: process.env['PATH'] },
      settings: { threads: 1, drainSeconds: 0, lookEveryMs: 100, maxQueuedRuns: 5 },
      clock: () => Date.now() + aheadMs,
    });
  };
  const schedule = async (when: When) => {
    const started = await startRun(running.engine, 'test', 'echo', Payload.of({ a: 1 }), when);
    if (started.outcome !== 'started') throw new Error(started.detail);
    return started.runId;
  };
  const find = (runId: string) => running.engine.runs.find(runId);
  const ended = (runId: string) => running.engine.signals.whenEnded(runId, AbortSignal.timeout(60_000));
  const passHour = () => {
    aheadMs += hourSeconds * 1_000;
  };
  const countOf = async (status: 'scheduled' | 'completed') => {
    const now = Date.now() + aheadMs;
    const day = 86_400_000;
    const { buckets } = await running.engine.runs.stats({
      from: now - day,
      to: now + day,
      bucketMs: 2 * day,
    });
    return buckets.reduce((sum, { runs }) => sum + runs[status], 0);
  };

  test('start when they are due, and not before', async () => {
    await start();
    const soon = await schedule({ delaySeconds: 1 });
    const later = await schedule({ delaySeconds: hourSeconds });
    const first = await ended(soon);
    expect(first.status).toBe('completed');
    expect(first.startedAt ?? 0).toBeGreaterThanOrEqual(first.scheduledAt ?? Number.POSITIVE_INFINITY);
    expect(await find(later)).toMatchObject({ status: 'scheduled', startedAt: null });
    passHour();
    expect(await ended(later)).toMatchObject({ status: 'completed', attempts: 1 });
  });

  test('take no place in the queue until they are due', async () => {
    await start();
    for (let count = 0; count < 10; count++) await schedule({ delaySeconds: hourSeconds });
    expect(await ended(await schedule({}))).toMatchObject({ status: 'completed', scheduledAt: null });
  });

  test('start after a restart that lasted beyond their time, once', async () => {
    await start();
    const runId = await schedule({ delaySeconds: hourSeconds });
    await running.stop();
    passHour();
    await start();
    expect(await ended(runId)).toMatchObject({ status: 'completed', attempts: 1 });
  });

  test('keep their time of day when the clock is set back, and start once', async () => {
    await start();
    const soon = await schedule({ delaySeconds: 1 });
    const later = await schedule({ delaySeconds: hourSeconds });
    await ended(soon);
    aheadMs -= hourSeconds * 1_000;
    await sleep(500);
    expect(await find(later)).toMatchObject({ status: 'scheduled' });
    expect(await find(soon)).toMatchObject({ status: 'completed', attempts: 1 });
    passHour();
    passHour();
    expect(await ended(later)).toMatchObject({ status: 'completed', attempts: 1 });
    expect(await countOf('completed')).toBe(2);
  });

  test('start at once when their time is changed to now', async () => {
    await start();
    const runId = await schedule({ delaySeconds: hourSeconds });
    await rescheduleRun(running.engine, 'test', runId, { delaySeconds: 0 });
    expect(await ended(runId)).toMatchObject({ status: 'completed', attempts: 1 });
  });
});
