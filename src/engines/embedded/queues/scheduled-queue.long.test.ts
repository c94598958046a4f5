import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { someDispatch } from '../../../../test/conformance/samples.ts';
import { projectOf } from '../../../../test/embedded/test-project.ts';
import { silentLog, temporaryFolder } from '../../../../test/embedded/test-stores.ts';
import { loadConnectorTypes } from '../../../connectors/index.ts';
import { startEmbedded } from '../runtime.ts';

const connectorTypes = await loadConnectorTypes();

const hourMs = 3_600_000;

test('10,000 runs due in the same second start once each, after a restart across it, with the clock set back', async () => {
  const folder = await temporaryFolder();
  const noted = path.join(folder, 'noted');
  const note = `async ({ n }) => (await import('node:fs')).appendFileSync(${JSON.stringify(noted)}, n + '\\n')`;
  let aheadMs = 0;
  const start = async () =>
    startEmbedded({
      dataDir: path.join(folder, 'data'),
      project: await projectOf(folder, { note }),
      types: connectorTypes,
      log: silentLog,
      env: { PATH: process.env['PATH'] },
      settings: { threads: 1, drainSeconds: 0, lookEveryMs: 100, maxQueuedRuns: 5 },
      clock: () => Date.now() + aheadMs,
    });
  let { engine, stop } = await start();
  const countOf = async (status: 'scheduled' | 'completed') => {
    const now = Date.now() + aheadMs;
    const day = 24 * hourMs;
    const { buckets } = await engine.runs.stats({ from: now - day, to: now + day, bucketMs: 2 * day });
    return buckets.reduce((sum, { runs }) => sum + runs[status], 0);
  };
  const now = Date.now();
  const dispatches = Array.from({ length: 10_000 }, (_, n) => {
    const run = { status: 'scheduled', scheduledAt: now + hourMs, payload: { n } } as const;
    return someDispatch({ agents: ['note'], at: now, run });
  });
  await engine.runs.dispatchAll(dispatches);
  expect(await countOf('scheduled')).toBe(10_000);
  await stop();
  aheadMs += hourMs;
  ({ engine, stop } = await start());
  while ((await countOf('completed')) < 1_000) await sleep(20);
  aheadMs -= 2 * hourMs;
  while ((await countOf('completed')) < 10_000) await sleep(50);
  expect(await countOf('scheduled')).toBe(0);
  expect((await engine.runs.queueDepth()).queued).toBe(0);
  const started = (await readFile(noted, 'utf8')).trim().split('\n').map(Number);
  expect(started.toSorted((one, other) => one - other)).toEqual(dispatches.map((_, n) => n));
  await stop();
  await rm(folder, { recursive: true });
});
