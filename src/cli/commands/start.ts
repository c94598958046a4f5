import type { Command } from 'commander';
import { examples } from '../examples.ts';
import type { GlobalOptions } from '../open-context.ts';

interface StartOptions extends GlobalOptions {
  readonly port?: string;
  readonly host?: string;
  readonly dataDir?: string;
  readonly project?: string;
  readonly dev?: true;
  readonly apply?: true;
  readonly environment?: string;
}

/** `connectors start`: runs the whole system in this process. */
export function startCommand(program: Command): void {
  program
    .command('start')
    .helpGroup('System:')
    .summary('start the system on this machine')
    .description('Start the system in this process; Ctrl+C stops it. Options override environment variables.')
    .option('-p, --port <port>', 'port to listen on; 0 picks a free one (PORT, default 4000)')
    .option('--host <address>', 'address to listen on (HOST, default 127.0.0.1)')
    .option('--data-dir <folder>', 'data folder (DATA_DIR, default .data)')
    .option('--project <folder>', 'project folder with the agents (PROJECT_DIR, default project)')
    .option('--dev', 'reload the project, and apply connectors/, when files change')
    .option('--apply', 'apply the files in connectors/ first')
    .option('-e, --environment <name>', 'environment of these files (CONNECTORS_ENVIRONMENT)')
    .addHelpText(
      'after',
      examples(
        ['start', 'on port 4000, with the example project'],
        ['start --project ../my-agents --dev', 'reload while you edit agents'],
        ['start --json', 'print one JSON line when ready'],
      ),
    )
    .action(async (_options: unknown, command: Command) => {
      const { start } = await import('../start/start.ts');
      const options: StartOptions = command.optsWithGlobals();
      await start(environmentOf(options), {
        dev: options.dev === true,
        applies: options.apply === true,
        json: options.json === true,
      });
    });
}

function environmentOf(options: StartOptions): Readonly<Record<string, string | undefined>> {
  return {
    ...process.env,
    ...(options.port === undefined ? {} : { PORT: options.port }),
    ...(options.host === undefined ? {} : { HOST: options.host }),
    ...(options.dataDir === undefined ? {} : { DATA_DIR: options.dataDir }),
    ...(options.project === undefined ? {} : { PROJECT_DIR: options.project }),
    ...(options.environment === undefined ? {} : { CONNECTORS_ENVIRONMENT: options.environment }),
  };
}
