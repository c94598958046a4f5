import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const binary = join(root, 'bin/connectors.ts');

/** Processes of the product find even their first file compiled (see jest.config.js). */
export const compiledCode = { NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] };

/** What the process of several commands writes after the output of each (see command-host.ts). */
export const endOfOutput = '\0';

export interface Finished {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandSettings {
  readonly env?: Readonly<Record<string, string>>;
  /** What the command reads from standard input; nothing by default. */
  readonly input?: string;
  readonly cwd?: string;
}

/** Starts the command line as a process of its own, with no more of this process's environment than it needs. */
export function spawnConnectors(args: readonly string[], { env, cwd }: CommandSettings = {}) {
  return spawn(process.execPath, [binary, ...args], {
    cwd: cwd ?? root,
    stdio: 'pipe',
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...compiledCode, ...env },
  });
}

/** Runs one command to its end. */
export async function connectors(args: readonly string[], settings: CommandSettings = {}): Promise<Finished> {
  const child = spawnConnectors(args, settings);
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  child.stdin.end(settings.input ?? '');
  await once(child, 'close');
  return { exitCode: child.exitCode, stdout, stderr };
}
