import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Command } from 'commander';
import { CliFailure } from '../cli-failure.ts';
import { examples } from '../examples.ts';
import { openContext } from '../open-context.ts';

interface DashboardOptions {
  readonly open?: true;
}

/** `connectors dashboard`: prints a link that opens the dashboard signed in. */
export function dashboardCommand(program: Command): void {
  program
    .command('dashboard')
    .helpGroup('System:')
    .summary('print a link to the dashboard')
    .description('Print a link that opens the dashboard signed in. The link works once, within 15 minutes.')
    .option('--open', 'open the link in the browser')
    .addHelpText('after', examples(['dashboard', 'print a link'], ['dashboard --open', 'open the browser']))
    .action(async (options: DashboardOptions, command: Command) => {
      const { api, connection, output } = await openContext(command);
      const { path, expires_at } = await api.createSignInLink();
      const url = `${connection.url}${path}`;
      output.answer({ url, expires_at }, () => url);
      if (options.open) await openBrowser(url);
    });
}

/** The command that opens a URL, by platform; all others use `xdg-open`. */
const openers: Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>> = {
  darwin: ['open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
};

async function openBrowser(url: string): Promise<void> {
  const [program, ...args] = openers[process.platform] ?? ['xdg-open'];
  const child = spawn(program, [...args, url], { stdio: 'ignore', detached: true });
  try {
    await once(child, 'spawn');
  } catch {
    throw new CliFailure('failed', `Cannot open a browser: there is no ${program}. Open the link yourself.`);
  }
  child.unref();
}
