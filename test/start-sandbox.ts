import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals';
import { type CommandSettings, spawnConnectors } from './connectors-command.ts';
import { endProcess } from './end-process.ts';

export const exampleProject = join(import.meta.dirname, '../project');

type Child = ReturnType<typeof spawnConnectors>;

export interface StartedSystem {
  readonly child: Child;
  /** What it has written so far, to both streams. */
  text(): string;
  /** Waits until what it has written has a match. */
  until(wanted: RegExp): Promise<void>;
  /** Ends it in good order. */
  stop(): Promise<void>;
}

/** A folder to start the system in; what was started there ends with it. */
export interface StartSandbox {
  readonly folder: string;
  /** The settings that lead into the folder, with others beside them. */
  env(more?: Readonly<Record<string, string>>): Record<string, string>;
  /** Starts the system; resolves when what it writes has a match of `ready`. */
  start(ready: RegExp, args?: readonly string[], settings?: CommandSettings): Promise<StartedSystem>;
}

/** Gives each test a sandbox of its own, or all tests of a group the same one. */
export function useStartSandbox(of: 'each test' | 'all tests' = 'each test'): StartSandbox {
  const [before, after] = of === 'each test' ? [beforeEach, afterEach] : [beforeAll, afterAll];
  let folder = '';
  let started: Child[] = [];

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'start-'));
    started = [];
  });
  after(async () => {
    await Promise.all(started.map((child) => endProcess(child, 'SIGKILL')));
    rmSync(folder, { recursive: true, force: true });
  });

  const env: StartSandbox['env'] = (more = {}) => ({
    PORT: '0',
    DATA_DIR: join(folder, 'data'),
    PROJECT_DIR: exampleProject,
    ...more,
  });
  return {
    get folder() {
      return folder;
    },
    env,
    async start(ready, args = [], settings = {}) {
      const child = spawnConnectors(['start', ...args], { ...settings, env: env(settings.env) });
      started.push(child);
      const system = watch(child);
      await system.until(ready);
      return system;
    },
  };
}

function watch(child: Child): StartedSystem {
  let written = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      written += text;
    });
  }
  return {
    child,
    text: () => written,
    async until(wanted) {
      while (!wanted.test(written)) {
        if (child.exitCode !== null) throw new Error(`It ended: ${written}`);
        await Promise.race([once(child.stdout, 'data'), once(child.stderr, 'data'), once(child, 'exit')]);
      }
    },
    stop: () => endProcess(child, 'SIGTERM'),
  };
}
