import { Command } from 'commander';
import manifest from '../../package.json' with { type: 'json' };
import { colours } from './colours.ts';
import { commands } from './commands/index.ts';

/**
 * The whole command line: global options and every command. Nothing is read or run before it is parsed.
 */
export function commandLine(): Command {
  const program = new Command('connectors')
    .description('Connect AI agents to the world: receive events, run agents, deliver results.')
    .version(manifest.version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [command]', 'print help for a command')
    .option('--json', 'print JSON')
    .option('--url <url>', 'address of the system (CONNECTORS_URL)')
    .option('--token <token>', 'access token (CONNECTORS_TOKEN; default: the one in the data folder)')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      outputError: (text, write) => write(text.replace(/^error:/, colours(process.stderr).red('error:'))),
      getOutHasColors: () => colours(process.stdout).isColorSupported,
      getErrHasColors: () => colours(process.stderr).isColorSupported,
    })
    .showHelpAfterError('Add --help for usage.')
    .exitOverride();
  for (const add of commands) add(program);
  return program;
}
