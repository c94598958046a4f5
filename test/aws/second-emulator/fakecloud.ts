import { type ChildProcess, spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { endProcess } from '../../end-process.ts';
import { pythonTool } from '../../python-tool.ts';
import { eventually } from '../../scenarios/eventually.ts';
import { functionSurroundings } from '../function-surroundings.ts';
import { reservedPort } from '../reserved-port.ts';
import { fakecloudCommand } from './cargo-tool.ts';

/** Another AWS account in a process of its own: fakecloud, which evaluates the policies of roles. */
export interface Fakecloud {
  readonly endpoint: string;
  /** What every client of the account needs. */
  readonly environment: Readonly<Record<string, string>>;
  /** What roles asked for and were not allowed, as the emulator has written it down: a line each. */
  denials(): string[];
  stop(): Promise<void>;
}

/**
 * Starts an empty account; resolves once it answers. It evaluates policies and lets pass what they deny (mode "soft"):
 * every policy that asks for TLS denies all that comes over the emulator's plain HTTP, the CDK's own uploads first.
 */
export async function startFakecloud(): Promise<Fakecloud> {
  const folder = await mkdtemp(join(tmpdir(), 'fakecloud-'));
  const containers = join(folder, 'containers');
  await mkdir(containers);
  const port = await reservedPort();
  const endpoint = `http://127.0.0.1:${port}`;
  const account = spawn(
    fakecloudCommand(),
    ['--addr', `127.0.0.1:${port}`, '--account-id', '000000000000', '--iam', 'soft'],
    {
      cwd: folder,
      env: {
        ...process.env,
        ...functionSurroundings(),
        FAKECLOUD_CONTAINER_CLI: await containerCommand(folder),
        CONTAINERS: containers,
        FUNCTION_PYTHON: join(dirname(pythonTool('ministack')), 'python3'),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  process.once('exit', () => account.kill('SIGKILL'));
  const output = collect(account);
  await eventually(`fakecloud to answer: ${output()}`, async () => {
    const answer = await fetch(`${endpoint}/_fakecloud/health`).catch(() => null);
    return answer?.ok === true;
  });
  return {
    endpoint,
    environment: {
      AWS_ENDPOINT_URL: endpoint,
      AWS_REGION: 'us-east-1',
      AWS_DEFAULT_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
    },
    denials: () =>
      output()
        .split('\n')
        .filter((line) => line.includes('denied request')),
    async stop() {
      await endProcess(account);
      await endFunctions(containers);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** What fakecloud takes for Docker's command line. */
async function containerCommand(folder: string): Promise<string> {
  const command = join(folder, 'docker');
  const program = join(import.meta.dirname, 'container-command.ts');
  await writeFile(command, `#!/bin/sh\nexec "${process.execPath}" "${program}" "$@"\n`);
  await chmod(command, 0o755);
  return command;
}

function collect({ stdout, stderr }: ChildProcess): () => string {
  let text = '';
  for (const stream of [stdout, stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      text += stripVTControlCharacters(chunk);
    });
  }
  return () => text;
}

/** Functions are processes that outlive the emulator. */
async function endFunctions(containers: string): Promise<void> {
  for (const id of await readdir(containers)) {
    const pid = Number(await readFile(join(containers, id, 'pid'), 'utf8').catch(() => '0'));
    try {
      if (pid > 0) process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  }
}
