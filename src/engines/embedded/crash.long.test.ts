import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { projectOf } from '../../../test/embedded/test-project.ts';
import { silentLog, temporaryFolder } from '../../../test/embedded/test-stores.ts';
import { hasEnded } from '../../core/runs/run.ts';
import { startEmbedded } from './runtime.ts';

/** An agent that records each attempt that it completes. */
const clerk = `async ({ n }, { run_id }) => {
  await new Promise((done) => setTimeout(done, 5));
  (await import('node:fs')).appendFileSync(process.env.FOLDER + '/completed', run_id + '\\n');
  return String(n);
}`;

/** A process that dispatches triggers without a pause, and prints the id of every stored run. */
const dispatcher = `
  const [folder, codeFile, project] = process.argv.slice(1);
  const { startEmbedded } = await import(${JSON.stringify(import.meta.resolve('./runtime.ts'))});
  const { startRun } = await import(${JSON.stringify(import.meta.resolve('../../core/runs/start-run.ts'))});
  const { Payload } = await import(${JSON.stringify(import.meta.resolve('../../core/json/json-value.ts'))});
  const log = { info() {}, warn() {}, error() {} };
  const { engine } = startEmbedded({
    dataDir: folder + '/data', project: { project: JSON.parse(project), codeFile }, types: new Map(), log,
    env: { FOLDER: folder }, settings: { threads: 1 },
  });
  for (let n = 0; ; n++) {
    startRun(engine, 'test', 'clerk', Payload.of({ n })).then(({ runId }) => console.log(runId));
    if (n % 10 === 9) await new Promise((resolve) => setImmediate(resolve));
  }`;

describe('a process that is killed', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await temporaryFolder();
  });
  afterEach(() => rm(folder, { recursive: true }));

  /** Reads promised run ids until there are `count`, then kills the process immediately. */
  const killAfter = async (child: ChildProcess, count: number) => {
    const promised: string[] = [];
    if (child.stdout === null) throw new Error('the child has no output');
    for await (const runId of createInterface(child.stdout)) {
      promised.push(runId);
      if (promised.length === count) child.kill('SIGKILL');
    }
    return promised.filter((runId) => runId.length === 36);
  };

  test.each([1, 200, 1_000])(
    'after %d accepted triggers loses none, and only what was interrupted is tried again',
    async (count) => {
      const project = await projectOf(folder, { clerk });
      const child = spawn(
        process.execPath,
        ['--input-type=module', '-e', dispatcher, folder, project.codeFile, JSON.stringify(project.project)],
        { stdio: ['ignore', 'pipe', 'inherit'] },
      );
      const exited = once(child, 'exit');
      const promised = await killAfter(child, count);
      await exited;

      const { engine, stop } = startEmbedded({
        dataDir: path.join(folder, 'data'),
        project,
        types: new Map(),
        log: silentLog,
        env: { FOLDER: folder },
        settings: { threads: 1 },
      });
      const patience = AbortSignal.timeout(120_000);
      const runs = await Promise.all(promised.map((runId) => engine.signals.whenEnded(runId, patience)));
      expect(runs.filter(({ status }) => status !== 'completed')).toEqual([]);
      // Runs that were stored but not yet promised must end too: nothing stays half-done.
      for (let cursor: string | null = null, more = true; more; more = cursor !== null) {
        const page = await engine.runs.list({ limit: 100, cursor });
        const ended = await Promise.all(
          page.items.map((run) => engine.signals.whenEnded(run.runId, patience)),
        );
        expect(ended.every(({ status }) => hasEnded(status))).toBe(true);
        cursor = page.nextCursor;
      }
      await stop();

      const attempts = new Map(runs.map((run) => [run.runId, run.attempts + run.interruptions.length]));
      const times = new Map<string, number>();
      for (const runId of (await readFile(path.join(folder, 'completed'), 'utf8')).split('\n')) {
        times.set(runId, (times.get(runId) ?? 0) + 1);
      }
      const odd = promised.filter((runId) => {
        const completed = times.get(runId) ?? 0;
        return completed < 1 || completed > (attempts.get(runId) ?? 0);
      });
      expect(odd).toEqual([]);
    },
  );
});
