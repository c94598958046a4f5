import { Command } from 'commander';
import manifest from '../../package.json' with { type: 'json' };
import { colours } from './colours.ts';
import { type AddCommand, commands } from './commands/index.ts';

/**
 * The command line: global options and commands. Creating it reads no input and runs no command.
 *
 * @param args if they name a command, only its code is loaded; omit them for the whole command line
 */
export async function commandLine(args: readonly string[] = []): Promise<Command> {
  const program = new Command('connectors')
    .description('Connect AI agents to your systems: receive events, run agents, deliver results.')
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
  for (const add of await wantedCommands(args)) add(program, () => commandLine());
  return program;
}

function wantedCommands(args: readonly string[]): Promise<readonly AddCommand[]> {
  const load = commands[commandOf(args) ?? ''];
  const wanted = load === undefined ? Object.values(commands) : [load];
  return Promise.all(wanted.map((one) => one()));
}

/** Global options that take a value. */
const optionsWithValue: ReadonlySet<string> = new Set(['--url', '--token']);

/** The first argument that is neither an option nor an option's value. */
function commandOf(args: readonly string[]): string | undefined {
  return args.find((arg, index) => !arg.startsWith('-') && !optionsWithValue.has(args[index - 1] ?? ''));
}
