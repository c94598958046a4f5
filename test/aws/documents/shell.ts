import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { openSession, type ShellSession } from '../../documents/shell-session.ts';
import { pythonTool } from '../../python-tool.ts';

const root = join(import.meta.dirname, '../../..');

/** A step that hangs is ended. */
const stepMs = 1_200_000;

/** Of the emulator, which has to know it before the deployment. */
const apiId = 'connectors';

/**
 * The shell of a reader in a clone, with the command line of AWS.
 *
 * @param endpoint of the emulated account
 */
export async function openShell(endpoint: string): Promise<ShellSession> {
  const home = await mkdtemp(join(tmpdir(), 'reader-'));
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
  const session = await openSession({ folder: root, env, stepMs });
  return {
    run: session.run,
    async close() {
      await session.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** See `emulated-app.ts`; receivers are on this machine. */
function contextOf(endpoint: string): Readonly<Record<string, string>> {
  return {
    'emulated:apiId': apiId,
    'emulated:endpoint': endpoint,
    'emulated:watchedBy': endpoint,
    baseUrl: `${endpoint}/restapis/${apiId}/prod/_user_request_`,
    allowPrivateTargets: 'true',
  };
}
