import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { compiledCode } from './connectors-command.ts';
import { endProcess } from './end-process.ts';

const root = join(import.meta.dirname, '..');

export interface ProductSettings {
  readonly projectDir: string;
  readonly token: string;
  /** An existing data folder, left in place at the end; an empty one of its own where none is given. */
  readonly dataDir?: string;
  /** Options of the start. */
  readonly args?: readonly string[];
  /** Settings and provider keys beyond those that every start needs. */
  readonly env?: Readonly<Record<string, string>>;
}

/** The product as a real process of its own. */
export interface ProductProcess {
  /** Stays the same over restarts. */
  readonly url: string;
  readonly dataDir: string;
  /** Of the process that runs now. */
  readonly pid: number;
  /** What all starts have written so far, to both streams. */
  output(): string;
  /** Ends the process; resolves with its exit code, `null` where the signal ended it. */
  stop(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null>;
  /** Starts it again on the same data folder and address, after `stop`. */
  start(): Promise<void>;
  /** Ends the process and removes the data folder that was made for it. */
  remove(): Promise<void>;
}

/**
 * Starts the product on a free port; resolves once it is ready.
 *
 * @throws with everything that it has written, when it ends instead
 */
export async function startProduct(settings: ProductSettings): Promise<ProductProcess> {
  const dataDir = settings.dataDir ?? (await mkdtemp(join(tmpdir(), 'connectors-data-')));
  let output = '';
  let url = '';
  let child: ChildProcess | null = null;

  async function start(): Promise<void> {
    const begin = output.length;
    const port = url === '' ? '0' : new URL(url).port;
    const started = spawnProduct(settings, dataDir, port);
    child = started;
    const collect = (text: string) => {
      output += text;
    };
    started.stdout?.setEncoding('utf8').on('data', collect);
    started.stderr?.setEncoding('utf8').on('data', collect);
    url = await readyAddress(started, () => output.slice(begin));
  }

  async function stop(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
    await endProcess(child, signal);
    return child?.exitCode ?? null;
  }

  async function remove(): Promise<void> {
    await stop('SIGKILL');
    if (settings.dataDir === undefined) await rm(dataDir, { recursive: true, force: true });
  }

  try {
    await start();
  } catch (failed) {
    await remove();
    throw failed;
  }
  return {
    get url() {
      return url;
    },
    get pid() {
      return child?.pid ?? 0;
    },
    dataDir,
    output: () => output,
    stop,
    start,
    remove,
  };
}

function spawnProduct(settings: ProductSettings, dataDir: string, port: string): ChildProcess {
  return spawn(process.execPath, [join(root, 'bin/connectors.ts'), 'start', ...(settings.args ?? [])], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      ...compiledCode,
      PORT: port,
      HOST: '127.0.0.1',
      DATA_DIR: dataDir,
      PROJECT_DIR: settings.projectDir,
      ADMIN_TOKEN: settings.token,
      ALLOW_PRIVATE_TARGETS: '1',
      ...settings.env,
    },
  });
}

/** Only a failure waits so long. */
const startsWithinMs = 120_000;

/** The address that the first screen shows, once it answers. */
async function readyAddress(child: ChildProcess, output: () => string): Promise<string> {
  const deadline = AbortSignal.timeout(startsWithinMs);
  while (!deadline.aborted) {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`The product ended at its start:\n${output()}`);
    const address = /http:\/\/127\.0\.0\.1:\d+/.exec(output())?.[0];
    if (address !== undefined && (await isReady(address))) return address;
    await sleep(10);
  }
  throw new Error(`The product was not ready after ${startsWithinMs / 1_000} s:\n${output()}`);
}

async function isReady(address: string): Promise<boolean> {
  return fetch(`${address}/health`).then(
    (answer) => answer.ok,
    () => false,
  );
}
