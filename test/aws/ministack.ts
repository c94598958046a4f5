import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** An AWS account in a process of its own: MiniStack, an emulator from PyPI that needs no Docker. */
export interface Ministack {
  /** What `AWS_ENDPOINT_URL` has to be. */
  readonly endpoint: string;
  /** What every client of the account needs: endpoint, region and credentials that mean nothing. */
  readonly environment: Readonly<Record<string, string>>;
  /** Of its process, whose children execute functions. */
  readonly pid: number;
  /** What it has written so far. */
  output(): string;
  stop(): Promise<void>;
}

/** Only a failure waits so long. */
const startsWithinMs = 180_000;

/**
 * Starts an empty account on a free port of the loopback interface; resolves once it answers.
 *
 * @param command path of the emulator's command, as `pip install ministack` puts it into a virtual environment
 * @param settings of the emulator itself, as environment variables (see its documentation)
 * @throws with everything that it has written, when it ends instead
 */
export async function startMinistack(
  command: string = process.env['MINISTACK'] ?? 'ministack',
  settings: Readonly<Record<string, string>> = {},
): Promise<Ministack> {
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const folder = await mkdtemp(join(tmpdir(), 'ministack-'));
  const environment = {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  };
  const child = spawn(command, [], {
    cwd: folder,
    env: {
      ...process.env,
      ...environment,
      GATEWAY_PORT: String(port),
      BIND_HOST: '127.0.0.1',
      TMPDIR: folder,
      LOG_LEVEL: 'WARNING',
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own: functions that hang are processes that outlive the emulator.
    detached: true,
  });
  process.once('exit', () => endGroup(child));
  const output = collect(child);
  await ready(child, endpoint, output);
  const { pid = 0 } = child;
  return { endpoint, environment, pid, output, stop: () => stop(child, folder) };
}

function collect(child: ChildProcess): () => string {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
  }
  return () => text;
}

async function ready(child: ChildProcess, endpoint: string, output: () => string): Promise<void> {
  let failure: Error | null = null;
  child.once('error', (error) => {
    failure = error;
  });
  const deadline = Date.now() + startsWithinMs;
  while (Date.now() < deadline) {
    if (failure !== null) throw new Error(`MiniStack cannot be started: ${String(failure)}`);
    if (child.exitCode !== null) throw new Error(`MiniStack ended: ${output()}`);
    const answer = await fetch(`${endpoint}/_ministack/health`).catch(() => null);
    if (answer?.ok === true) return;
    await sleep(100);
  }
  child.kill('SIGKILL');
  throw new Error(`MiniStack does not answer: ${output()}`);
}

async function stop(child: ChildProcess, folder: string): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    const killer = setTimeout(() => child.kill('SIGKILL'), 10_000);
    await ended;
    clearTimeout(killer);
  }
  endGroup(child);
  await rm(folder, { recursive: true, force: true });
}

/** Ends everything that the emulator has started, and itself. */
function endGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nothing of it is left.
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}
