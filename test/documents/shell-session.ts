import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

/** The shell of a reader who types a page's commands, without a terminal. */
export interface ShellSession {
  /**
   * Runs commands; variables and functions stay for the next ones.
   *
   * @returns what they have written to stdout
   * @throws Error with all that was written, where a command fails
   */
  run(...commands: readonly string[]): Promise<string>;
  close(): Promise<void>;
}

export interface SessionSettings {
  readonly folder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** A step that hangs is ended. */
  readonly stepMs: number;
}

/** Opens a shell in a folder. */
export async function openSession({ folder, env, stepMs }: SessionSettings): Promise<ShellSession> {
  const home = await mkdtemp(join(tmpdir(), 'shell-session-'));
  const state = join(home, 'state.sh');
  await writeFile(state, '');
  return {
    async run(...commands) {
      const script = `set -eao pipefail; . '${state}'\n${commands.join('\n')}\n{ export -p; declare -f; } > '${state}'`;
      const options = { cwd: folder, env, timeout: stepMs } as const;
      const bash = spawn('bash', ['-c', script], { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
      const [stdout, stderr] = await Promise.all([text(bash.stdout), text(bash.stderr), once(bash, 'close')]);
      if (bash.exitCode === 0) return stdout;
      throw new Error(`${commands.join('\n')}\nfailed:\n${stdout.slice(-2_000)}\n${stderr.slice(-6_000)}`);
    },
    close: () => rm(home, { recursive: true, force: true }),
  };
}
