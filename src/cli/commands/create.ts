import { Argument, type Command, Option } from 'commander';
import { freeName } from '../../api/contract/free-name.ts';
import { type DeliveryMode, deliveryModes, type Mode, modes } from '../../core/connectors/connector.ts';
import { collect } from '../argument-values.ts';
import { configFrom, connectorSchema } from '../config-options.ts';
import { examples } from '../examples.ts';
import { openContext } from '../open-context.ts';
import { createdConnectorText } from '../render/connector-text.ts';
import { takenNames } from '../taken-names.ts';

interface CreateOptions {
  readonly agent: readonly string[];
  readonly name?: string;
  readonly type: string;
  readonly set?: readonly string[];
  readonly config?: string;
  readonly connection?: string;
  readonly filter?: string;
  readonly delivery?: DeliveryMode;
}

/** `connectors create`: creates a connector and prints its URL and secret. */
export function createCommand(program: Command): void {
  program
    .command('create')
    .helpGroup('Connectors:')
    .summary('create a connector')
    .description(
      'Create a connector and print its URL and secret. Run "types" to list types and their configuration.',
    )
    .addArgument(new Argument('<mode>', 'receive events, answer callers, or deliver results').choices(modes))
    .addOption(
      new Option('-a, --agent <name>', 'agent to link; repeatable').argParser(collect).default([], 'none'),
    )
    .option('-n, --name <name>', 'name (default: derived from type, mode, and agents)')
    .option('-t, --type <type>', 'connector type', 'webhook')
    .option('-s, --set <field=value>', 'set a configuration field by its dot path; repeatable', collect)
    .option('-c, --config <json>', 'configuration as JSON; @file reads a file, - reads stdin')
    .option('--connection <name>', 'connection that gives the rest of the configuration')
    .option('-f, --filter <condition>', 'take only events, or results, for which this is true')
    .addOption(
      new Option(
        '-d, --delivery <mode>',
        'deliver results, or what agents send by a tool or in code',
      ).choices(deliveryModes),
    )
    .addHelpText(
      'after',
      examples(
        ['create sync --agent question-answerer', 'call an agent over HTTP'],
        ['create inbound --agent a --agent b --name orders-in', 'one event, two runs'],
        ['create outbound --agent a --set url=https://example.com/hook', 'send results to a URL'],
      ),
    )
    .action(async (mode: Mode, options: CreateOptions, command: Command) => {
      const { api, output } = await openContext(command);
      const connector = await api.createConnector({
        name: options.name ?? freeName(nameOf(mode, options), await takenNames(api)),
        type: options.type,
        mode,
        config: await configFrom(options, () => connectorSchema(api, options.type, mode)),
        connection: options.connection ?? null,
        agents: [...options.agent],
        ...(options.filter === undefined ? {} : { filter: options.filter }),
        ...(options.delivery === undefined ? {} : { delivery: options.delivery }),
      });
      output.answer(connector, (paint) => createdConnectorText(connector, paint));
    });
}

function nameOf(mode: string, { type, agent }: CreateOptions): string {
  return [type, mode, ...(agent.length > 0 ? ['for', agent.join(', ')] : [])].join(' ');
}
