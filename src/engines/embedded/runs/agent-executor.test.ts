import { rm, writeFile } from 'node:fs/promises';
import { getPriority } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { nothingOutside } from '../../../../test/agents/nothing-outside.ts';
import { llmAgent } from '../../../../test/agents/run-one.ts';
import { projectOf, toolAgent } from '../../../../test/embedded/test-project.ts';
import { silentLog, temporaryFolder } from '../../../../test/embedded/test-stores.ts';
import { type JsonValue, Payload } from '../../../core/json/json-value.ts';
import type { AgentRequest } from '../../../core/ports/agent-executor.ts';
import type { Isolation } from '../../../core/runs/run.ts';
import { ThreadedExecutor } from './agent-executor.ts';

const never = new AbortController().signal;

function request(agentName: string, payload: JsonValue = {}, isolation: Isolation = 'shared'): AgentRequest {
  return {
    runId: 'a-run',
    agentName,
    connectorId: null,
    payload: Payload.of(payload),
    modelInput: null,
    context: {},
    attempt: 1,
    isolation,
    streaming: false,
    awaited: false,
  };
}

/** The grace is a tenth of the default: each test of an agent that does not end waits for it. */
const limits = { maxMegabytes: 1_024, graceMs: 500 };

describe('the executor', () => {
  let folder: string;
  let executor: ThreadedExecutor;

  beforeEach(async () => {
    folder = await temporaryFolder();
    executor = new ThreadedExecutor({ PATH: process.env['PATH'], GREETING: 'Hello' }, 1, silentLog, limits);
  });
  afterEach(async () => {
    await executor.stop();
    await rm(folder, { recursive: true });
  });

  const use = async (
    ...given: Parameters<typeof projectOf> extends [string, ...infer Rest] ? Rest : never
  ) => {
    const { project, codeFile } = await projectOf(folder, ...given);
    executor.use(project, codeFile);
  };
  const execute = (agentName: string, signal = never, isolation: Isolation = 'shared') =>
    executor.execute(request(agentName, {}, isolation), {
      signal,
      loadSession: async () => [],
      ...nothingOutside,
    });

  test('runs an agent in a thread, with the environment that it was given', async () => {
    await use({ greeter: `async () => process.env.GREETING + ' from ' + (process.env.HOME ?? 'nowhere')` });
    expect(await execute('greeter')).toMatchObject({ outcome: 'completed', output: 'Hello from nowhere' });
  });

  (process.platform === 'linux' ? test : test.skip)(
    'runs agents with less priority than the threads that serve requests',
    async () => {
      await use({ priority: `async () => String((await import('node:os')).getPriority())` });
      const own = getPriority();
      expect(await execute('priority')).toMatchObject({ output: String(Math.max(10, own)) });
      expect(getPriority()).toBe(own);
    },
  );

  test('logs what a forgotten promise throws, without its secrets', async () => {
    const logged = Promise.withResolvers<unknown>();
    const log = {
      ...silentLog,
      warn: (event: string, fields: object) => logged.resolve({ event, ...fields }),
    };
    const forgetful = new ThreadedExecutor({ PGPASSWORD: 'hunter2' }, 1, log, limits);
    const { project, codeFile } = await projectOf(folder, {
      forget: `async () => { Promise.reject(new Error('no login with hunter2')); return 'done'; }`,
    });
    forgetful.use(project, codeFile);
    await forgetful.execute(request('forget'), {
      signal: never,
      loadSession: async () => [],
      ...nothingOutside,
    });
    expect(await logged.promise).toEqual({
      event: 'agent.stray-error',
      reason: 'no login with [redacted]',
    });
    await forgetful.stop();
  });

  /**
   * Tries what needs runs in one thread until they were: on a busy machine the thread may stall for a moment, and what it
   * has not begun then moves to another one.
   */
  const together = async <T>(attempt: () => Promise<T>, were: (result: T) => boolean): Promise<T> => {
    let result = await attempt();
    for (let attempts = 0; attempts < 4 && !were(result); attempts++) result = await attempt();
    return result;
  };

  test('runs many at a time in one thread', async () => {
    const code = `(() => { let here = 0; const all = Promise.withResolvers();
      return async () => { if (++here === 3) all.resolve(); await all.promise; return 'met'; } })()`;
    const meet = async () => {
      await use({ meet: code }, [toolAgent('meet', { timeoutSeconds: 2 })]);
      const outcomes = await Promise.all([execute('meet'), execute('meet'), execute('meet')]);
      return outcomes.map(({ outcome }) => outcome);
    };
    const met = ['completed', 'completed', 'completed'];
    expect(await together(meet, (outcomes) => outcomes.join() === met.join())).toEqual(met);
  });

  test('cancels a run that is going on', async () => {
    await use({
      wait: `(input, { signal }) => new Promise((_, no) => signal.addEventListener('abort', () => no(signal.reason)))`,
    });
    const cancellation = new AbortController();
    const execution = execute('wait', cancellation.signal);
    cancellation.abort();
    expect(await execution).toMatchObject({ outcome: 'cancelled' });
  });

  describe('of an agent with a session', () => {
    const agent = llmAgent('talk', { session: { key: 'input.customer', ttlSeconds: null } });
    const payload = { customer: 'ada', message: 'say again' };

    test('gets the conversation from outside the thread, and hands out the longer one', async () => {
      await use({}, [agent]);
      const loadSession = async (key: string) => [{ role: 'user', content: `My key is ${key}.` }];
      const outcome = await executor.execute(request('talk', payload), {
        signal: never,
        loadSession,
        ...nothingOutside,
      });
      expect(outcome.session).toMatchObject({
        key: 'ada',
        messages: [{ content: 'My key is ada.' }, { role: 'user' }, { role: 'assistant' }],
      });
    });

    test('rejects the attempt, to be tried again, where the conversation cannot be loaded', async () => {
      await use({}, [agent]);
      const loadSession = () => Promise.reject(new Error('disk away'));
      const execution = executor.execute(request('talk', payload), {
        signal: never,
        loadSession,
        ...nothingOutside,
      });
      await expect(execution).rejects.toMatchObject({
        name: 'RetryableError',
        message: 'the conversation could not be loaded: disk away',
      });
    });
  });

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

  /** Holds its thread until `release` is called. */
  const holding = () => `async () => {
    const { existsSync } = await import('node:fs');
    while (!existsSync(${JSON.stringify(path.join(folder, 'release'))}));
    return 'held';
  }`;
  const release = () => writeFile(path.join(folder, 'release'), '');

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
      await executor.execute(
        { ...request('good'), awaited },
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
    const beside = execute('steps');
    await execute('hold');
    expect(await beside).toMatchObject({ outcome: 'completed', output: 'in time' });
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

  test('an agent that wants to end its process fails alone', async () => {
    await use({
      bad: `async () => process.exit(3)`,
      wait: `() => new Promise((done) => setTimeout(done, 200))`,
    });
    const beside = execute('wait');
    expect(await execute('bad')).toMatchObject({
      outcome: 'failed',
      error: {
        code: 'tool-error',
        message: expect.stringContaining('Agents must not end their process (process.exit).'),
      },
    });
    expect(await beside).toMatchObject({ outcome: 'completed' });
  });

  test('a run that is to be apart from others has a thread to itself', async () => {
    await use({
      where: `async () => String((await import('node:worker_threads')).threadId)`,
      wait: `() => new Promise(() => {})`,
    });
    for (const isolation of ['shared', 'thread'] as const) {
      execute('wait', never, isolation).catch(() => undefined);
    }
    const runs = (['shared', 'shared', 'thread', 'thread'] as const).map((isolation) =>
      execute('where', never, isolation),
    );
    const [shared, sharedToo, own, another] = (await Promise.all(runs)).map((outcome) =>
      outcome.outcome === 'completed' ? outcome.output : null,
    );
    expect(sharedToo).toBe(shared);
    expect(new Set([shared, own, another]).size).toBe(3);
  });

  describe('in a process of its own', () => {
    test('a run is executed as in a thread', async () => {
      await use({
        greeter: `async () => process.env.GREETING + ' from ' + (process.env.HOME ?? 'nowhere')`,
        where: `async () => String(process.pid)`,
      });
      expect(await execute('greeter', never, 'process')).toMatchObject({ output: 'Hello from nowhere' });
      const outcome = await execute('where', never, 'process');
      expect(outcome).toMatchObject({ outcome: 'completed' });
      expect(outcome).not.toMatchObject({ output: String(process.pid) });
    });

    test('a run that ends its process ends no other, and is known to have done it', async () => {
      await use({ crash: `async () => process.kill(process.pid, 'SIGSEGV')`, good: `async () => 'fine'` });
      const beside = execute('good');
      await expect(execute('crash', never, 'process')).rejects.toMatchObject({
        role: 'culprit',
        message: 'its process ended: it was ended by SIGSEGV',
      });
      expect(await beside).toMatchObject({ output: 'fine' });
    });

    test('a run is cancelled, and its process is gone when the executor stops', async () => {
      await use({
        wait: `(input, { signal }) => new Promise((_, no) => signal.addEventListener('abort', () => no(signal.reason)))`,
      });
      const cancellation = new AbortController();
      const cancelled = execute('wait', cancellation.signal, 'process');
      cancellation.abort();
      expect(await cancelled).toMatchObject({ outcome: 'cancelled' });
      const stopped = execute('wait', never, 'process');
      await Promise.all([expect(stopped).rejects.toMatchObject({ role: 'bystander' }), executor.stop()]);
    });
  });

  test.each(['thread', 'process'] as const)(
    'a run that fills buffers, which no limit of a heap knows of, ends alone with its %s',
    async (isolation) => {
      executor = new ThreadedExecutor({ PATH: process.env['PATH'] }, 1, silentLog, {
        ...limits,
        maxMegabytes: 300,
      });
      await use({
        leak: `async () => { const all = []; for (;;) all.push(Buffer.alloc(1e6, 1)); }`,
        good: `async () => 'fine'`,
      });
      await expect(execute('leak', never, isolation)).rejects.toMatchObject({
        role: 'culprit',
        message: expect.stringContaining('MiB of memory, and 300 MiB is what a thread may use'),
      });
      expect(await execute('good')).toMatchObject({ output: 'fine' });
    },
  );

  test('an agent that uses up its memory ends only its thread; the next run gets another one', async () => {
    executor = new ThreadedExecutor({ PATH: process.env['PATH'] }, 1, silentLog, {
      ...limits,
      maxMegabytes: 100,
    });
    await use({
      bad: `async () => { const all = []; for (;;) all.push(new Array(1e6).fill({})); }`,
      good: `async () => 'fine'`,
    });
    await expect(execute('bad')).rejects.toMatchObject({ role: 'culprit' });
    expect(await execute('good')).toMatchObject({ outcome: 'completed', output: 'fine' });
  });

  test('of runs that were in a thread together when it ended by itself, each may have done it', async () => {
    await use({
      bad: `async () => {
        await new Promise((done) => setTimeout(done, 50));
        process.reallyExit(3);
      }`,
      wait: `() => new Promise(() => {})`,
    });
    const runs = await Promise.allSettled([execute('wait'), execute('bad')]);
    const reason = { role: 'suspect', message: expect.stringContaining('its thread ended: ') };
    expect(runs).toMatchObject([{ reason }, { reason }]);
  });

  test('a forgotten promise and a timer that throws end nobody', async () => {
    await use({
      careless: `async () => {
        Promise.reject(new Error('forgotten'));
        setTimeout(() => { throw new Error('late'); }, 1);
        await new Promise((done) => setTimeout(done, 20));
        return 'done';
      }`,
    });
    expect(await execute('careless')).toMatchObject({ outcome: 'completed', output: 'done' });
  });

  test('a new load takes the new runs, and the old one ends what it has begun', async () => {
    await use({ version: `() => new Promise((done) => setTimeout(() => done('old'), 100))` });
    const begun = execute('version');
    await use({ version: `async () => 'new'` });
    expect(await execute('version')).toMatchObject({ output: 'new' });
    expect(await begun).toMatchObject({ output: 'old' });
  });

  test('code that cannot be loaded fails its runs, not the process', async () => {
    const broken = await projectOf(folder, { any: `async () => 1` });
    executor.use(broken.project, `${broken.codeFile}.missing`);
    await expect(execute('any')).rejects.toMatchObject({
      role: 'bystander',
      message: expect.stringContaining('its thread could not start: '),
    });
  });

  test('a stop interrupts what is going on', async () => {
    await use({ wait: `() => new Promise(() => {})` });
    const execution = execute('wait');
    execution.catch(() => undefined);
    await executor.stop();
    await expect(execution).rejects.toMatchObject({ role: 'bystander' });
    await expect(execute('wait')).rejects.toMatchObject({ name: 'RetryableError' });
  });
});
