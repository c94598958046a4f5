import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pythonTool } from '../../python-tool.ts';

const root = join(import.meta.dirname, '../../..');

/** A step that hangs is ended. */
const stepMs = 1_200_000;

/** Of the emulator, which has to know it before the deployment. */
const apiId = 'connectors';

/** The shell of a reader who types a page's commands: without a terminal, in a clone, with the command line of AWS. */
export interface Shell {
  /**
   * Runs commands; variables and functions stay for the next ones.
   *
   * @returns what they have written to stdout
   * @throws Error with all that was written, where a command fails
   */
  run(...commands: readonly string[]): Promise<string>;
  close(): Promise<void>;
}

/** @param endpoint of the emulated account */
export async function openShell(endpoint: string): Promise<Shell> {
  const home = await mkdtemp(join(tmpdir(), 'reader-'));
  const state = join(home, 'state.sh');
  await writeFile(state, '');
  await writeFile(join(home, '.cdk.json'), JSON.stringify({ context: contextOf(endpoint) }));
  const path = [dirname(process.execPath), dirname(pythonTool('aws')), process.env['PATH']];
  const env = {
    ...process.env,
    PATH: path.join(delimiter),
    // The CDK reads the context of a user there: what the emulator needs beside what the page says.
    HOME: home,
    CDK_APP: `"${process.execPath}" test/aws/emulated-app.ts`,
    CDK_OUTPUT: join(home, 'out'),
    AWS_PAGER: '',
  };
  return {
    async run(...commands) {
      const script = `set -eao pipefail; . '${state}'\n${commands.join('\n')}\n{ export -p; declare -f; } > '${state}'`;
      const bash = spawn('bash', ['-c', script], {
        cwd: root,
        env,
        stdio: ['ignore', 'pipe', 'pipe'],
        timeout: stepMs,
      });
      const [stdout, stderr] = await Promise.all([text(bash.stdout), text(bash.stderr), once(bash, 'close')]);
      if (bash.exitCode === 0) return stdout;
      throw new Error(`${commands.join('\n')}\nfailed:\n${stdout.slice(-2_000)}\n${stderr.slice(-6_000)}`);
    },
    close: () => rm(home, { recursive: true, force: true }),
  };
}

/** See `emulated-app.ts`; receivers are on this machine. */
function contextOf(endpoint: string): Readonly<Record<string, string>> {
  return {
    'emulated:apiId': apiId,
    'emulated:endpoint': endpoint,
    baseUrl: `${endpoint}/restapis/${apiId}/prod/_user_request_`,
    allowPrivateTargets: 'true',
  };
}
