import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { projectOf, toolAgent } from '../../../test/embedded/test-project.ts';
import { silentLog, temporaryFolder } from '../../../test/embedded/test-stores.ts';
import { startReceiver } from '../../../test/receivers/recording-receiver.ts';
import { agentCatalog } from '../../agents/project/agent-catalog.ts';
import { loadConnectorTypes } from '../../connectors/index.ts';
import type { ConnectorTypes } from '../../core/connectors/connector-type.ts';
import { createConnector } from '../../core/connectors/create-connector.ts';
import { Payload } from '../../core/json/json-value.ts';
import { startRun } from '../../core/runs/start-run.ts';
import { dispatchTrigger } from '../../core/triggers/dispatch-trigger.ts';
import { type EmbeddedEngine, startEmbedded } from './runtime.ts';
import type { EmbeddedSettings } from './settings.ts';
import { Connection } from './store/connection.ts';

const connectorTypes = await loadConnectorTypes();

/** Interval between the engine's looks at all its work. */
const lookEveryMs = 250;

describe('the running engine', () => {
  let folder: string;
  let running: EmbeddedEngine;
  /** How far the clock was set forward. */
  let aheadMs: number;

  beforeEach(async () => {
    folder = await temporaryFolder();
    aheadMs = 0;
  });
  afterEach(async () => {
    await running.stop();
    await rm(folder, { recursive: true });
  });

  const start = async (
    code: Record<string, string>,
    agents = Object.keys(code).map((name) => toolAgent(name)),
    settings: Partial<EmbeddedSettings> = {},
    types: ConnectorTypes = connectorTypes,
  ) => {
    running = startEmbedded({
      dataDir: path.join(folder, 'data'),
      project: await projectOf(folder, code, agents),
      types,
      log: silentLog,
      env: { PATH: process.env['PATH'], FOLDER: folder, ADMIN_TOKEN: 'of-the-operators' },
      settings: { threads: 1, drainSeconds: 0, lookEveryMs, ...settings },
      clock: () => Date.now() + aheadMs,
    });
    return running.engine;
  };
  const run = async (agentName: string, payload = {}) => {
    const started = await startRun(running.engine, 'test', agentName, Payload.of(payload));
    if (started.outcome !== 'started') throw new Error(started.detail);
    return started.runId;
  };
  const ended = (runId: string) => running.engine.signals.whenEnded(runId, AbortSignal.timeout(60_000));
  const lines = async (name: string) =>
    (await readFile(path.join(folder, name), 'utf8').catch(() => '')).split('\n').filter(Boolean);
  const until = async (holds: () => Promise<boolean>) => {
    while (!(await holds())) await sleep(5);
  };
  /** An agent that records its begin and end, and waits in between until `release` is called. */
  const witness = `async ({ key = 'any' }) => {
    const { appendFileSync, existsSync } = await import('node:fs');
    appendFileSync(process.env.FOLDER + '/witness', 'begin ' + key + '\\n');
    while (!existsSync(process.env.FOLDER + '/release')) await new Promise((done) => setTimeout(done, 5));
    appendFileSync(process.env.FOLDER + '/witness', 'end ' + key + '\\n');
    return 'done';
  }`;
  const release = () => writeFile(path.join(folder, 'release'), '');
  const begun = (count: number) => until(async () => (await lines('witness')).length >= count);
  /** The largest number of runs between begin and end at the same time. */
  const mostAtATime = (events: readonly string[]) => {
    let [now, most] = [0, 0];
    for (const event of events) {
      now += event.startsWith('begin') ? 1 : -1;
      most = Math.max(most, now);
    }
    return most;
  };

  test('gives connectors the messages of a newer version of their type', async () => {
    const code = { poet: `async () => 'done'` };
    const webhook = connectorTypes.get('webhook');
    if (webhook?.message === undefined) throw new Error('webhooks send messages');
    const older = { ...webhook, message: { ...webhook.message, description: 'Sends something.' } };
    const types = new Map(connectorTypes).set('webhook', older);
    const engine = await start(code, undefined, {}, types);
    const config = { url: 'https://receiver.example' };
    const draft = { name: 'out', type: 'webhook', mode: 'outbound', config, agents: ['poet'] } as const;
    const created = await createConnector(engine, 'test', { ...draft, delivery: 'code' });
    if (created.outcome !== 'created') throw new Error(created.detail);
    const messageOf = async () =>
      (await running.engine.connectors.get(created.connector.id))?.byChoice?.description;
    expect(await messageOf()).toBe('Sends something.');
    await running.stop();
    await start(code);
    await until(async () => (await messageOf()) === webhook.message?.description);
  });

  test('executes what is queued and stores what comes of it', async () => {
    await start({ double: `async ({ n }) => String(n * 2)` });
    const runIds = await Promise.all([1, 2, 3].map((n) => run('double', { n })));
    const runs = await Promise.all(runIds.map(ended));
    expect(runs.map(({ status, output }) => [status, output])).toEqual([
      ['completed', '2'],
      ['completed', '4'],
      ['completed', '6'],
    ]);
  });

  test('shows agents no token of the operators', async () => {
    await start({ spy: `async () => Object.keys(process.env).sort().join()` });
    expect((await ended(await run('spy'))).output).toBe('ALLOW_PRIVATE_TARGETS,FOLDER,PATH');
  });

  test('keeps an agent to its number of concurrent runs, and executes all of them', async () => {
    await start({ witness }, [toolAgent('witness', { maxConcurrentRuns: 2 })]);
    const runIds = await Promise.all(Array.from({ length: 12 }, () => run('witness')));
    await begun(2);
    await release();
    const runs = await Promise.all(runIds.map(ended));
    expect(runs.every(({ status }) => status === 'completed')).toBe(true);
    expect(mostAtATime(await lines('witness'))).toBe(2);
  });

  test('runs with the same concurrency key wait for each other, those with another do not', async () => {
    await start({ witness }, [toolAgent('witness', { concurrency: { key: 'key', onConflict: 'queue' } })]);
    const keys = ['a', 'a', 'a', 'b', 'b', 'b'];
    const runIds = await Promise.all(keys.map((key) => run('witness', { key })));
    await begun(2);
    await release();
    const runs = await Promise.all(runIds.map(ended));
    expect(runs.every(({ status }) => status === 'completed')).toBe(true);
    const events = await lines('witness');
    for (const key of ['a', 'b']) expect(mostAtATime(events.filter((event) => event.endsWith(key)))).toBe(1);
    expect(mostAtATime(events)).toBe(2);
  });

  test('an agent that drops its conflicts cancels the second run with the same key', async () => {
    await start({ witness }, [toolAgent('witness', { concurrency: { key: 'key', onConflict: 'drop' } })]);
    const first = await run('witness', { key: 'a' });
    await begun(1);
    expect(await ended(await run('witness', { key: 'a' }))).toMatchObject({
      status: 'cancelled',
      error: { code: 'concurrency-dropped' },
    });
    await release();
    expect(await ended(first)).toMatchObject({ status: 'completed' });
  });

  test.each([
    ['2 minutes', 120_000],
    ['10 minutes', 600_000],
    ['a year', 365 * 86_400_000],
  ])('a clock that jumps %s ahead executes nothing twice, and no limit is passed', async (_by, jumpMs) => {
    const engine = await start({ witness }, [
      toolAgent('witness', { maxConcurrentRuns: 2, timeoutSeconds: 30, concurrency: null }),
    ]);
    const runIds = await Promise.all(Array.from({ length: 6 }, () => run('witness')));
    await begun(2);
    aheadMs += jumpMs;
    // Time for the queue to check all leases several times.
    await sleep(5 * lookEveryMs);
    expect(await lines('witness')).toHaveLength(2);
    await release();
    const runs = await Promise.all(runIds.map(ended));
    expect(runs.map(({ status, attempts }) => [status, attempts])).toEqual(Array(6).fill(['completed', 1]));
    const events = await lines('witness');
    expect(events.filter((event) => event.startsWith('begin'))).toHaveLength(6);
    expect(mostAtATime(events)).toBe(2);
    expect(await engine.runs.queueDepth()).toMatchObject({ queued: 0 });
  });

  test('a clock that jumps ahead makes no second request of a delivery that is being made', async () => {
    const engine = await start({ quick: `async () => 'here'` }, undefined, { allowPrivateTargets: true });
    const receiver = await startReceiver();
    receiver.answer(() => ({ status: 200, delayMs: 8 * lookEveryMs }));
    const draft = { name: 'Out', type: 'webhook', mode: 'outbound', agents: ['quick'] } as const;
    await createConnector(engine, 'test', { ...draft, config: { url: receiver.url } });
    const runId = await run('quick');
    await until(async () => receiver.requests.length === 1);
    aheadMs += 600_000;
    await until(async () => (await engine.deliveries.ofRun(runId))[0]?.status === 'delivered');
    expect(receiver.requests).toHaveLength(1);
    await receiver.goDown();
  });

  test("one agent's flood of slow runs leaves room for another agent", async () => {
    await start({ slow: `() => new Promise(() => {})`, quick: `async () => 'here'` }, undefined, {
      maxRunsInFlight: 8,
    });
    await Promise.all(Array.from({ length: 50 }, () => run('slow')));
    expect(await ended(await run('quick'))).toMatchObject({ output: 'here' });
  });

  test('cancels a run that is going on', async () => {
    const engine = await start({
      wait: `(_, { signal }) => new Promise((_, no) => signal.addEventListener('abort', no))`,
    });
    const runId = await run('wait');
    await until(async () => (await engine.runs.get(runId))?.status === 'running');
    expect(await engine.runs.requestCancel(runId, Date.now())).toBe('requested');
    expect(await ended(runId)).toMatchObject({ status: 'cancelled' });
  });

  test('a stop gives back what does not end in time, and the next start executes it', async () => {
    const code = {
      once: `async () => {
      const { existsSync } = await import('node:fs');
      return existsSync(process.env.FOLDER + '/go') ? 'went on' : new Promise(() => {});
    }`,
    };
    let engine = await start(code);
    const runId = await run('once');
    await until(async () => (await engine.runs.get(runId))?.status === 'running');
    await running.stop();
    await writeFile(path.join(folder, 'go'), '');
    engine = await start(code);
    expect(await ended(runId)).toMatchObject({ status: 'completed', output: 'went on', attempts: 1 });
  });

  test('a stop waits for what ends in time', async () => {
    await start({ witness }, undefined, { drainSeconds: 60 });
    const runId = await run('witness');
    await begun(1);
    const stopping = running.stop();
    await release();
    await stopping;
    expect(await lines('witness')).toHaveLength(2);
    await start({ witness });
    expect(await ended(runId)).toMatchObject({ status: 'completed', attempts: 1 });
  });

  test('a reload gives new runs the new code; a broken one changes nothing and says what is wrong', async () => {
    const engine = await start({ version: `async () => 'old'` });
    expect(await ended(await run('version'))).toMatchObject({ output: 'old' });
    const problems = [{ file: 'agents/version.yaml', line: 1, field: 'type', message: 'is unknown' }];
    running.useProject({ outcome: 'broken', problems });
    expect(engine.agents.problems()).toEqual(problems);
    expect(await ended(await run('version'))).toMatchObject({ output: 'old' });
    running.useProject(await projectOf(folder, { version: `async () => 'newer'`, more: `async () => 1` }));
    expect(engine.agents.problems()).toEqual([]);
    expect(engine.agents.list().map(({ name }) => name)).toEqual(['version', 'more']);
    expect(await ended(await run('version'))).toMatchObject({ output: 'newer' });
  });

  test('a run of an agent that the project has lost waits for it, and fails ten minutes after it was queued', async () => {
    const code = { lost: `() => new Promise(() => {})` };
    await start(code);
    const runId = await run('lost');
    await running.stop();
    await start({});
    const reasons = async () =>
      ((await running.engine.runs.find(runId))?.interruptions ?? []).map(({ reason }) => reason).join();
    await until(async () => (await reasons()).includes('no agent named "lost"'));
    await running.stop();
    aheadMs = 600_000;
    await start({});
    expect(await ended(runId)).toMatchObject({ status: 'failed', error: { code: 'agent-missing' } });
  });

  test('a run whose agent comes with the next project is executed at once', async () => {
    const engine = await start({});
    const next = await projectOf(folder, { late: `async () => 'here'` });
    const agents = agentCatalog(next.project).list();
    const draft = { context: {}, modelInput: null, warnings: [], repeat: null, natural: null };
    const dispatched = await dispatchTrigger(engine, null, agents, { ...draft, payload: Payload.of({}) });
    const runId = dispatched.outcome === 'dispatched' ? (dispatched.runs[0]?.runId ?? '') : '';
    await until(async () => (await engine.runs.find(runId))?.interruptions.length === 1);
    // Put off for longer than the test waits, by an executor from the future.
    const now = Date.now() + 60_000;
    const lease = { owner: 'test', now, until: now + 60_000, slots: [], ifLost: 'bystander' } as const;
    await until(async () => (await engine.runs.claim(runId, lease)).outcome === 'claimed');
    await engine.runs.release(runId, 'test', now + 3_600_000, null);
    running.useProject(next);
    expect(await ended(runId)).toMatchObject({ status: 'completed', output: 'here' });
  });

  test('a second engine on the same folder is refused', async () => {
    await start({});
    const other = { dataDir: path.join(folder, 'data'), types: new Map(), log: silentLog, env: {} };
    const project = await projectOf(folder, {});
    expect(() => startEmbedded({ ...other, project })).toThrow('is in use by the process');
  });

  test('a start that is refused leaves the folder to the next one', async () => {
    await start({ any: `async () => 1` });
    await running.stop();
    const dataDir = path.join(folder, 'data');
    const project = await projectOf(folder, {});
    const env = { SECRET_KEY: Buffer.alloc(32).toString('base64') };
    const given = { dataDir, project, types: new Map(), log: silentLog };
    expect(() => startEmbedded({ ...given, env })).toThrow('is not the one that the secrets');
    running = startEmbedded({ ...given, env: {} });
  });

  test('a start that breaks off with the database open closes it', async () => {
    await start({ any: `async () => 1` });
    await running.stop();
    const dataDir = path.join(folder, 'data');
    const change = (sql: string) => {
      const connection = new Connection(path.join(dataDir, 'engine.db'), 'write');
      connection.execute(sql);
      connection.close();
    };
    change('ALTER TABLE sessions RENAME TO lost');
    await expect(start({ any: `async () => 1` })).rejects.toThrow('no such table: sessions');
    // The last connection to close removes the write-ahead log.
    expect(await readdir(dataDir)).not.toContain('engine.db-wal');
    change('ALTER TABLE lost RENAME TO sessions');
    await start({ any: `async () => 1` });
    expect(await ended(await run('any'))).toMatchObject({ status: 'completed' });
  });
});
