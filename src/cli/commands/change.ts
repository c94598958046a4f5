import { type Command, Option } from 'commander';
import { type DeliveryMode, deliveryModes } from '../../core/connectors/connector.ts';
import { collect } from '../argument-values.ts';
import { CliFailure } from '../cli-failure.ts';
import { configFrom, connectorSchema } from '../config-options.ts';
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
  readonly filter?: string;
  readonly delivery?: DeliveryMode;
}

/** `connectors change`: changes a connector's name, configuration, filter, or delivery. */
export function changeCommand(program: Command): void {
  program
    .command('change')
    .helpGroup('Connectors:')
    .summary("change a connector's name, configuration, filter, or delivery")
    .description(
      "Change a connector's name, configuration, connection, filter, or delivery. --set changes single fields; --config replaces the configuration.",
    )
    .argument('<connector>', 'name or id')
    .option('-n, --name <name>', 'new name')
    .option('-s, --set <field=value>', 'set a configuration field by its dot path; repeatable', collect)
    .option('-c, --config <json>', 'configuration as JSON; @file reads a file, - reads stdin')
    .option('--connection <name>', "use a connection; its fields replace the connector's own")
    .option('--no-connection', 'stop using its connection; set the fields with --set or --config')
    .option(
      '-f, --filter <condition>',
      'accept only what this is true for; an empty string removes the filter',
    )
    .addOption(
      new Option(
        '-d, --delivery <mode>',
        'deliver results, or messages that agents send by tool or in code',
      ).choices(deliveryModes),
    )
    .addHelpText(
      'after',
      examples(
        ['change results --set timeout_seconds=30', 'allow the receiver more time'],
        ['change orders-in --filter "input.total > 100"', 'ignore small orders'],
      ),
    )
    .action(async (reference: string, options: ChangeOptions, command: Command) => {
      if (Object.keys(options).length === 0) {
        const detail =
          'Nothing to change. Pass --name, --set, --config, --connection, --filter, or --delivery.';
        throw new CliFailure('usage', detail);
      }
      const { name, set, config, filter, delivery } = options;
      const { api, output } = await openContext(command);
      const found = await findConnector(api, reference);
      const schemaOf = () => connectorSchema(api, found.type, found.mode);
      const changesConfig = set !== undefined || config !== undefined;
      const connector = await api.changeConnector(found.id, {
        ...(name === undefined ? {} : { name }),
        ...(filter === undefined ? {} : { filter }),
        ...(delivery === undefined ? {} : { delivery }),
        ...(changesConfig ? { config: await configFrom(options, schemaOf, found.config) } : {}),
        ...(options.connection === undefined ? {} : { connection: options.connection || null }),
      });
      output.answer(connector, (paint) => connectorFacts(connector, paint));
    });
}
