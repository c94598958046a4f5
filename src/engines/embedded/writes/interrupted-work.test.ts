import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { noon, someLease, storeRun } from '../../../../test/conformance/samples.ts';
import { openTestStores, type TestStores } from '../../../../test/embedded/test-stores.ts';
import type { InterruptionRole } from '../../../core/runs/run.ts';
import { Connection } from '../store/connection.ts';
import { recoverLeases } from './interrupted-work.ts';

describe('what a process that is gone was executing', () => {
  let opened: TestStores;
  beforeEach(async () => {
    opened = await openTestStores();
  });
  afterEach(() => opened.close());

  /** Running runs, each with the role that it gets if its executor vanishes. */
  const running = async (...ifLost: InterruptionRole[]) => {
    const runIds: string[] = [];
    for (const role of ifLost) {
      const runId = await storeRun(opened.ports.runs);
      await opened.ports.runs.claim(runId, { ...someLease('gone'), ifLost: role });
      runIds.push(runId);
    }
    return runIds;
  };
  const recover = () => {
    const connection = new Connection(opened.databaseFile, 'write');
    recoverLeases(connection, noon + 1);
    connection.close();
  };
  const recovered = async (runIds: readonly string[]) =>
    Promise.all(
      runIds.map(async (runId) => {
        const run = await opened.ports.runs.get(runId);
        return [run?.status, run?.attempts, run?.interruptions.map(({ role }) => role)];
      }),
    );

  test('is put back, and no attempt counts where there were several', async () => {
    const runIds = await running('suspect', 'suspect');
    recover();
    const putBack = ['queued', 0, ['suspect']];
    expect(await recovered(runIds)).toEqual([putBack, putBack]);
  });

  test('is what broke the process where it was alone in there', async () => {
    const runIds = await running('suspect');
    recover();
    expect(await recovered(runIds)).toEqual([['queued', 1, ['culprit']]]);
  });

  test('has nothing to do with it where it was in a process of its own, and makes nobody company', async () => {
    const runIds = await running('bystander', 'suspect', 'bystander');
    recover();
    expect(await recovered(runIds)).toEqual([
      ['queued', 0, ['bystander']],
      ['queued', 1, ['culprit']],
      ['queued', 0, ['bystander']],
    ]);
  });

  test('is put back as a bystander when an operator stops the process', async () => {
    const runIds = await running('suspect');
    await opened.database.write('interruptRuns', noon + 1);
    expect(await recovered(runIds)).toEqual([['queued', 0, ['bystander']]]);
  });
});
