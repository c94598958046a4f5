import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { nothingOutside } from '../../../../test/agents/nothing-outside.ts';
import { never, requestOf, together, useExecutor } from '../../../../test/embedded/test-executor.ts';
import { toolAgent } from '../../../../test/embedded/test-project.ts';

describe('the executor', () => {
  const host = useExecutor();
  const { use, execute } = host;

  test('a run whose code holds its thread fails with the timeout, and the others in the thread are tried again', async () => {
    const agents = [toolAgent('hold', { timeoutSeconds: 0.05 }), toolAgent('wait')];
    await use({ hold: `async () => { for (;;); }`, wait: `() => new Promise(() => {})` }, agents);
    const beside = async () => {
      const cancellation = new AbortController();
      const innocent = execute('wait', cancellation.signal).catch((reason: unknown) => reason);
      expect(await execute('hold')).toMatchObject({
        outcome: 'failed',
        error: { code: 'timeout', message: expect.stringContaining('its code blocked the thread') },
      });
      cancellation.abort();
      return innocent;
    };
    const ended = await together(beside, (innocent) => innocent instanceof Error);
    expect(ended).toMatchObject({ name: 'InterruptedRun', role: 'bystander' });
  });

  /** Holds its thread until `release` is called, without using up a processor. */
  const holding = () => `async () => {
    const { existsSync } = await import('node:fs');
    const nothing = new Int32Array(new SharedArrayBuffer(4));
    while (!existsSync(${JSON.stringify(join(host.folder, 'release'))})) Atomics.wait(nothing, 0, 0, 2);
    return 'held';
  }`;
  const release = () => writeFile(join(host.folder, 'release'), '');

  test('what waits behind code that holds a thread moves to another one', async () => {
    await use({ hold: holding(), good: `async () => 'fine'` });
    const held = execute('hold');
    const beside = await Promise.all(Array.from({ length: 20 }, () => execute('good')));
    expect(beside).toMatchObject(Array(20).fill({ outcome: 'completed', output: 'fine' }));
    await release();
    expect(await held).toMatchObject({ outcome: 'completed', output: 'held' });
  });

  test('what a caller waits for begins before what came from the queue', async () => {
    await use({ hold: holding(), good: `async () => 'fine'` });
    const held = execute('hold');
    const order: string[] = [];
    const started = [false, false, false, true].map(async (awaited, index) => {
      await host.executor.execute(
        { ...requestOf('good'), awaited },
        { signal: never, loadSession: async () => [], ...nothingOutside },
      );
      order.push(awaited ? 'awaited' : `queued ${index}`);
    });
    await release();
    await Promise.all([held, ...started]);
    expect(order).toEqual(['awaited', 'queued 0', 'queued 1', 'queued 2']);
  });

  test("a run's timeout begins with the run, however long it waits for a thread", async () => {
    const agents = [toolAgent('hold'), toolAgent('good', { timeoutSeconds: 0.05 })];
    await use({ hold: holding(), good: `async () => 'fine'` }, agents);
    const held = [execute('hold'), execute('hold')];
    await sleep(1_000);
    const waiting = execute('good');
    // Longer than an agent's timeout and grace, but a second before the thread counts as held.
    await sleep(2_000);
    await release();
    expect(await waiting).toMatchObject({ outcome: 'completed' });
    expect(await Promise.all(held)).toMatchObject([{ output: 'held' }, { output: 'held' }]);
  }, 30_000);

  test('a run that should have ended does not end one that holds their thread within its time', async () => {
    const agents = [toolAgent('hold'), toolAgent('wait', { timeoutSeconds: 0.05 })];
    await use({ hold: holding(), wait: `() => new Promise(() => {})` }, agents);
    const waiting = execute('wait');
    const held = execute('hold');
    await sleep(2_500);
    await release();
    expect(await held).toMatchObject({ outcome: 'completed', output: 'held' });
    expect(await waiting).toMatchObject({ outcome: 'failed', error: { code: 'timeout' } });
  }, 30_000);

  test('time in which others hold the thread does not count against a run', async () => {
    const agents = [toolAgent('hold'), toolAgent('steps', { timeoutSeconds: 1 })];
    const steps = `async () => {
      for (let step = 0; step < 2; step++) await new Promise((done) => setTimeout(done, 100));
      return 'in time';
    }`;
    await use(
      { hold: `async () => { const end = Date.now() + 1_500; while (Date.now() < end); }`, steps },
      agents,
    );
    const beside = async () => {
      const steps = execute('steps');
      await execute('hold');
      return steps;
    };
    // On a busy machine the steps themselves may take longer than their timeout.
    const ended = await together(beside, ({ outcome }) => outcome === 'completed');
    expect(ended).toMatchObject({ outcome: 'completed', output: 'in time' });
  });

  test('finds whose code holds the thread, also where that has waited for something before', async () => {
    const agents = ['first', 'hold', 'last'].map((name) => toolAgent(name, { timeoutSeconds: 1 }));
    const wait = `() => new Promise(() => {})`;
    const hold = `async () => { await new Promise((done) => setTimeout(done, 20)); for (;;); }`;
    await use({ first: wait, hold, last: wait }, agents);
    const runs = await together(
      () => Promise.allSettled([execute('first'), execute('hold'), execute('last')]),
      (ended) => ended.filter(({ status }) => status === 'rejected').length === 2,
    );
    expect(runs).toMatchObject([
      { reason: { role: 'bystander', message: 'a run of the agent "hold" blocked its thread' } },
      { value: { outcome: 'failed', error: { code: 'timeout' } } },
      { reason: { role: 'bystander' } },
    ]);
  });

  test('a cancelled run that holds its thread ends as cancelled', async () => {
    await use({ hold: `async () => { for (;;); }` });
    const cancellation = new AbortController();
    const held = execute('hold', cancellation.signal);
    cancellation.abort();
    expect(await held).toMatchObject({ outcome: 'cancelled' });
  });
});
