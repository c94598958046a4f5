import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { llmAgent } from '../../../test/agents/run-one.ts';
import type { Isolation } from '../../core/interruption.ts';
import type { JsonValue } from '../../core/json-value.ts';
import { Payload } from '../../core/payload.ts';
import type { AgentRequest } from '../../core/ports/agent-executor.ts';
import { ThreadedExecutor } from './agent-executor.ts';
import { projectOf, toolAgent } from './test-project.ts';
import { silentLog, temporaryFolder } from './test-stores.ts';

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
  };
}

describe('the executor', () => {
  let folder: string;
  let executor: ThreadedExecutor;

  beforeEach(async () => {
    folder = await temporaryFolder();
    executor = new ThreadedExecutor({ PATH: process.env['PATH'], GREETING: 'Hello' }, 1, silentLog);
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
    executor.execute(request(agentName, {}, isolation), { signal, loadSession: async () => [] });

  test('runs an agent in a thread, with the environment that it was given', async () => {
    await use({ greeter: `async () => process.env.GREETING + ' from ' + (process.env.HOME ?? 'nowhere')` });
    expect(await execute('greeter')).toMatchObject({ outcome: 'completed', output: 'Hello from nowhere' });
  });

  test('logs what a forgotten promise throws, without its secrets', async () => {
    const logged = Promise.withResolvers<unknown>();
    const log = {
      ...silentLog,
      warn: (event: string, fields: object) => logged.resolve({ event, ...fields }),
    };
    const forgetful = new ThreadedExecutor({ PGPASSWORD: 'hunter2' }, 1, log);
    const { project, codeFile } = await projectOf(folder, {
      forget: `async () => { Promise.reject(new Error('no login with hunter2')); return 'done'; }`,
    });
    forgetful.use(project, codeFile);
    await forgetful.execute(request('forget'), { signal: never, loadSession: async () => [] });
    expect(await logged.promise).toEqual({
      event: 'agent.stray-error',
      reason: 'no login with [redacted]',
    });
    await forgetful.stop();
  });

  test('runs many at a time in one thread', async () => {
    await use({
      meet: `(() => { let here = 0; const all = Promise.withResolvers();
        return async () => { if (++here === 3) all.resolve(); await all.promise; return 'met'; } })()`,
    });
    const outcomes = await Promise.all([execute('meet'), execute('meet'), execute('meet')]);
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['completed', 'completed', 'completed']);
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
      const outcome = await executor.execute(request('talk', payload), { signal: never, loadSession });
      expect(outcome.session).toMatchObject({
        key: 'ada',
        messages: [{ content: 'My key is ada.' }, { role: 'user' }, { role: 'assistant' }],
      });
    });

    test('rejects the attempt, to be tried again, where the conversation cannot be loaded', async () => {
      await use({}, [agent]);
      const loadSession = () => Promise.reject(new Error('disk away'));
      const execution = executor.execute(request('talk', payload), { signal: never, loadSession });
      await expect(execution).rejects.toMatchObject({
        name: 'RetryableError',
        message: 'the conversation could not be loaded: disk away',
      });
    });
  });

  test('a run whose code holds its thread fails with the timeout, and the others in the thread are tried again', async () => {
    const agents = [toolAgent('hold', { timeoutSeconds: 0.05 }), toolAgent('wait')];
    await use({ hold: `async () => { for (;;); }`, wait: `() => new Promise(() => {})` }, agents);
    const innocent = execute('wait');
    innocent.catch(() => undefined);
    expect(await execute('hold')).toMatchObject({
      outcome: 'failed',
      error: { code: 'timeout', message: expect.stringContaining('its code held the thread') },
    });
    await expect(innocent).rejects.toMatchObject({ name: 'InterruptedRun', role: 'bystander' });
  });

  test('hands nothing to a thread that is held, before that is given up', async () => {
    const release = path.join(folder, 'release');
    const hold = `async () => {
      const { existsSync } = await import('node:fs');
      while (!existsSync(${JSON.stringify(release)}));
      return 'held';
    }`;
    await use({ hold, good: `async () => 'fine'` });
    const held = execute('hold');
    // One that comes before the thread is known to be silent waits for it.
    const tried: Promise<unknown>[] = [];
    const ended: unknown[] = [];
    while (ended.length === 0) {
      tried.push(execute('good').then((outcome) => ended.push(outcome)));
      await sleep(300);
    }
    expect(ended[0]).toMatchObject({ output: 'fine' });
    await writeFile(release, '');
    expect(await held).toMatchObject({ output: 'held' });
    await Promise.all(tried);
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
        message: expect.stringContaining('An agent must not end its process (process.exit).'),
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

  test('an agent that uses up its memory ends only its thread; the next run gets another one', async () => {
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
