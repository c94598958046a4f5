import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type Feed, startFeed } from '../../../../../test/connectors/feed-server.ts';
import { feed as feedType } from '../../../../../test/connectors/feed-type.ts';
import { projectOf } from '../../../../../test/embedded/test-project.ts';
import { silentLog, temporaryFolder } from '../../../../../test/embedded/test-stores.ts';
import { createConnector } from '../../../../core/connectors/create-connector.ts';
import { startEmbedded } from '../../runtime.ts';

/** A process that polls until it is killed. */
const poller = `
  const [dataDir, codeFile, project] = process.argv.slice(2);
  const { startEmbedded } = await import(${JSON.stringify(import.meta.resolve('../../runtime.ts'))});
  const { feed } = await import(${JSON.stringify(import.meta.resolve('../../../../../test/connectors/feed-type.ts'))});
  const log = { info() {}, warn() {}, error() {} };
  startEmbedded({
    dataDir, project: { project: JSON.parse(project), codeFile }, types: new Map([['feed', feed]]), log,
    env: {}, settings: { threads: 1, allowPrivateTargets: true },
  });`;

const pageSize = 7;
const pages = 9;

/** When the process is killed: before the source's response, with it, or so many ms later. */
const moments = ['before', 0, 1, 2, 4, 8, 16, 32] as const;

let folder: string;
let feed: Feed;
let child: ChildProcess | null = null;
beforeEach(async () => {
  folder = await temporaryFolder();
  feed = await startFeed();
  feed.pageSize = pageSize;
});
afterEach(async () => {
  child?.kill('SIGKILL');
  await feed.stop();
  await rm(folder, { recursive: true });
});

test('polls of a process that is killed again and again, at any moment, lose no event and run none twice', async () => {
  const project = await projectOf(folder, { clerk: 'async () => "done"' });
  const dataDir = path.join(folder, 'data');
  const open = () =>
    startEmbedded({
      dataDir,
      project,
      types: new Map([['feed', feedType]]),
      log: silentLog,
      env: {},
      settings: { threads: 1, allowPrivateTargets: true },
    });

  // Created while the feed is down, so that this process takes nothing.
  feed.status = 503;
  const first = open();
  const config = { url: feed.url, poll_seconds: 1 };
  const draft = { name: 'feed', type: 'feed', mode: 'inbound', config, agents: ['clerk'] } as const;
  const created = await createConnector(first.engine, 'test', draft);
  expect(created.outcome).toBe('created');
  await first.stop();
  feed.status = 200;
  for (let n = 1; n <= pages * pageSize; n++) feed.events.push({ n });

  const program = path.join(folder, 'poller.mjs');
  await writeFile(program, poller);
  const args = [program, dataDir, project.codeFile, JSON.stringify(project.project)];
  for (const moment of moments) {
    const killed = Promise.withResolvers<void>();
    // The second response of each process, so that the first one's runs may exist.
    let answers = 0;
    const kill = () => {
      child?.kill('SIGKILL');
      killed.resolve();
    };
    feed.before = async () => {
      if (moment === 'before' && ++answers === 2) kill();
    };
    feed.after = () => {
      if (moment === 'before' || ++answers !== 2) return;
      void sleep(moment).then(kill);
    };
    child = spawn(process.execPath, args, { stdio: 'inherit' });
    const exited = once(child, 'exit');
    feed.events.push(
      ...Array.from({ length: 2 * pageSize }, (_, index) => ({ n: feed.events.length + index + 1 })),
    );
    await killed.promise;
    await exited;
  }

  feed.before = async () => {};
  feed.after = () => {};
  const { engine, stop } = open();
  const count = feed.events.length;
  const ran = new Map<string, number>();
  while (Math.max(0, ...feed.asked) < count) await sleep(20);
  for (let cursor: string | null = null, more = true; more; more = cursor !== null) {
    const page = await engine.runs.list({ limit: 100, cursor });
    for (const { runId } of page.items) {
      const n = String(Object((await engine.runs.get(runId))?.payload.value)['n']);
      ran.set(n, (ran.get(n) ?? 0) + 1);
    }
    cursor = page.nextCursor;
  }
  await stop();
  expect([...ran.keys()].map(Number).sort((one, other) => one - other)).toEqual(
    Array.from({ length: count }, (_, index) => index + 1),
  );
  expect([...ran.values()].filter((times) => times !== 1)).toEqual([]);
});
