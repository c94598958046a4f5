import type { Command } from 'commander';
import { collect } from '../argument-values.ts';
import { CliFailure } from '../cli-failure.ts';
import { configFrom } from '../config-options.ts';
import { examples } from '../examples.ts';
import { findConnector } from '../find-connector.ts';
import { openContext } from '../open-context.ts';
import { connectorFacts } from '../render/connector-text.ts';

interface ChangeOptions {
  readonly name?: string;
  readonly set?: readonly string[];
  readonly config?: string;
  /** `false` for `--no-connection`. */
  readonly connection?: string | false;
}

/** `connectors change`: changes a connector's name or configuration. */
export function changeCommand(program: Command): void {
  program
    .command('change')
    .helpGroup('Connectors:')
    .summary("change a connector's name or configuration")
    .description(
      "Change a connector's name, configuration, or connection. --set changes single fields; --config replaces the configuration.",
    )
    .argument('<connector>', 'name or id')
    .option('-n, --name <name>', 'new name')
    .option('-s, --set <field=value>', 'set a configuration field by its dot path; repeatable', collect)
    .option('-c, --config <json>', 'configuration as JSON; @file reads a file, - reads stdin')
    .option('--connection <name>', "use a connection; its fields replace the connector's own")
    .option('--no-connection', 'stop using its connection; --set or --config gives the fields')
    .addHelpText(
      'after',
      examples(['change results --set timeout_seconds=30', 'allow the receiver more time']),
    )
    .action(async (reference: string, options: ChangeOptions, command: Command) => {
      if (Object.keys(options).length === 0) {
        throw new CliFailure('usage', 'Nothing to change. Pass --name, --set, --config, or --connection.');
      }
      const { api, output } = await openContext(command);
      const found = await findConnector(api, reference);
      const changesConfig = options.set !== undefined || options.config !== undefined;
      const connector = await api.changeConnector(found.id, {
        ...(options.name === undefined ? {} : { name: options.name }),
        ...(changesConfig ? { config: configFrom(options, found.config) } : {}),
        ...(options.connection === undefined ? {} : { connection: options.connection || null }),
      });
      output.answer(connector, (paint) => connectorFacts(connector, paint));
    });
}
