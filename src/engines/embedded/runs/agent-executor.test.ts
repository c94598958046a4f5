import { getPriority } from 'node:os';
import { describe, expect, test } from '@jest/globals';
import { nothingOutside } from '../../../../test/agents/nothing-outside.ts';
import { llmAgent } from '../../../../test/agents/run-one.ts';
import {
  executorLimits as limits,
  never,
  requestOf as request,
  together,
  useExecutor,
} from '../../../../test/embedded/test-executor.ts';
import { projectOf, toolAgent } from '../../../../test/embedded/test-project.ts';
import { silentLog } from '../../../../test/embedded/test-stores.ts';
import { ThreadedExecutor } from './agent-executor.ts';

describe('the executor', () => {
  const host = useExecutor();
  const { use, execute } = host;

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
    const { project, codeFile } = await projectOf(host.folder, {
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
      const outcome = await host.executor.execute(request('talk', payload), {
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
      const execution = host.executor.execute(request('talk', payload), {
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
      await Promise.all([expect(stopped).rejects.toMatchObject({ role: 'bystander' }), host.executor.stop()]);
    });
  });

  test.each(['thread', 'process'] as const)(
    'a run that fills buffers, which no limit of a heap knows of, ends alone with its %s',
    async (isolation) => {
      host.executor = new ThreadedExecutor({ PATH: process.env['PATH'] }, 1, silentLog, {
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
    host.executor = new ThreadedExecutor({ PATH: process.env['PATH'] }, 1, silentLog, {
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
    const broken = await projectOf(host.folder, { any: `async () => 1` });
    host.executor.use(broken.project, `${broken.codeFile}.missing`);
    await expect(execute('any')).rejects.toMatchObject({
      role: 'bystander',
      message: expect.stringContaining('its thread could not start: '),
    });
  });

  test('a stop interrupts what is going on', async () => {
    await use({ wait: `() => new Promise(() => {})` });
    const execution = execute('wait');
    execution.catch(() => undefined);
    await host.executor.stop();
    await expect(execution).rejects.toMatchObject({ role: 'bystander' });
    await expect(execute('wait')).rejects.toMatchObject({ name: 'RetryableError' });
  });
});
