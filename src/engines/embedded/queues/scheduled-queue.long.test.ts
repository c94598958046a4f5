import { rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { someDispatch } from '../../../../test/conformance/samples.ts';
import { projectOf } from '../../../../test/embedded/test-project.ts';
import { silentLog, temporaryFolder } from '../../../../test/embedded/test-stores.ts';
import { connectorTypes } from '../../../connectors/index.ts';
import { startEmbedded } from '../runtime.ts';

const hourMs = 3_600_000;

test('10,000 runs that are due in the same second all start, even beyond the limit of the queue', async () => {
  const folder = await temporaryFolder();
  let aheadMs = 0;
  const { engine, stop } = startEmbedded({
    dataDir: path.join(folder, 'data'),
    project: await projectOf(folder, { echo: 'async (input) => JSON.stringify(input)' }),
    types: connectorTypes,
    log: silentLog,
    env: { PATH: process.env['PATH'] },
    settings: { threads: 1, drainSeconds: 0, lookEveryMs: 100, maxQueuedRuns: 5 },
    clock: () => Date.now() + aheadMs,
  });
  const countOf = async (status: 'scheduled' | 'completed') => {
    const now = Date.now() + aheadMs;
    const day = 24 * hourMs;
    const { buckets } = await engine.runs.stats({ from: now - day, to: now + day, bucketMs: 2 * day });
    return buckets.reduce((sum, { runs }) => sum + runs[status], 0);
  };
  const now = Date.now();
  const run = { status: 'scheduled', scheduledAt: now + hourMs } as const;
  await engine.runs.dispatchAll(
    Array.from({ length: 10_000 }, () => someDispatch({ agents: ['echo'], at: now, run })),
  );
  expect(await countOf('scheduled')).toBe(10_000);
  aheadMs += hourMs;
  while ((await countOf('completed')) < 10_000) await sleep(50);
  expect(await countOf('scheduled')).toBe(0);
  expect((await engine.runs.queueDepth()).queued).toBe(0);
  await stop();
  await rm(folder, { recursive: true });
});
