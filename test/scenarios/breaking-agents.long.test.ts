import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { eventually } from './eventually.ts';
import { keepRunning } from './keep-running.ts';
import { useTarget } from './target.ts';

describe('an agent that breaks what executes it, among 200 runs of others', () => {
  const broken = useTarget(async () => ({ AGENT_MEMORY_MB: '200', LOG_LEVEL: 'warn' }));
  let stopKeeping: () => Promise<void>;
  beforeEach(() => {
    stopKeeping = keepRunning(broken.process);
  });
  afterEach(() => stopKeeping());

  /** Starts a run however often the process ends meanwhile. */
  const start = (agent: string, payload: object) =>
    eventually('a run to be accepted', () => broken.operator.startRun(agent, payload).catch(() => undefined));
  const ended = (runId: string) =>
    eventually('the run to end', async () => {
      const run = await broken.operator.run(runId).catch(() => null);
      return run?.ended_at != null && run;
    });

  test.each([
    ['kill', 'its process ended: it was ended by SIGSEGV'],
    ['exhaust', 'memory'],
  ])(
    '%s fails alone, and says why; the others are completed',
    async (agent, reason) => {
      const others: Promise<string>[] = [];
      const startOthers = () => {
        for (let count = 0; count < 100; count++) others.push(start('wait', { ms: 100 }));
      };
      startOthers();
      const poison = await start(agent, {});
      startOthers();
      const failed = await ended(poison);
      expect(failed).toMatchObject({ status: 'failed', error: { code: 'attempts-exhausted' } });
      expect(failed.error?.message).toContain(reason);
      const runs = await Promise.all((await Promise.all(others)).map(ended));
      expect(runs.filter(({ status }) => status !== 'completed')).toEqual([]);
    },
    600_000,
  );
});
