import { Argument, type Command, Option } from 'commander';
import { freeName } from '../../api/contract/free-name.ts';
import type { TriedFilter } from '../../api/contract/index.ts';
import { type DeliveryMode, deliveryModes, type Mode, modes } from '../../core/connectors/connector.ts';
import type { JsonValue } from '../../core/json/json-value.ts';
import type { ApiClient } from '../api-client.ts';
import { collect, parsePayload } from '../argument-values.ts';
import { configFrom, connectorSchema } from '../config-options.ts';
import { examples } from '../examples.ts';
import { stepsWithConnector, withNextSteps } from '../next-steps.ts';
import { openContext } from '../open-context.ts';
import { createdConnectorText } from '../render/connector-text.ts';
import { triedText } from '../render/trigger-text.ts';
import { takenNames } from '../taken-names.ts';

interface CreateOptions {
  readonly agent: readonly string[];
  readonly name?: string;
  readonly type: string;
  readonly set?: readonly string[];
  readonly config?: string;
  readonly connection?: string;
  readonly filter?: string;
  readonly when?: string;
  readonly delivery?: DeliveryMode;
  readonly try?: JsonValue;
  readonly tryRun?: string;
}

/** `connectors create`: creates a connector and prints its URL and secret, or only tries its conditions out. */
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
    .option('--connection <name>', 'connection that provides the rest of the configuration')
    .option('-f, --filter <condition>', 'accept only events, or results, for which this is true')
    .option('-w, --when <condition>', 'the same for each of its agents')
    .addOption(
      new Option(
        '-d, --delivery <mode>',
        'deliver results, or messages that agents send by tool or in code',
      ).choices(deliveryModes),
    )
    .addOption(
      new Option('--try <payload>', 'create nothing; try the conditions on this event or result').argParser(
        parsePayload,
      ),
    )
    .addOption(
      new Option('--try-run <run>', 'the same with the result of a run, for outbound connectors').conflicts(
        'try',
      ),
    )
    .addHelpText(
      'after',
      examples(
        ['create sync --agent question-answerer', 'call an agent over HTTP'],
        ['create inbound --agent a --agent b --name orders-in', 'one event, two runs'],
        ['create outbound --agent a --set url=https://example.com/hook', 'send results to a URL'],
        [
          'create inbound --agent a --filter "input.total > 100" --try \'{"total": 250}\'',
          'before creating it',
        ],
      ),
    )
    .action(async (mode: Mode, options: CreateOptions, command: Command) => {
      const { api, output } = await openContext(command);
      const name = options.name ?? freeName(nameOf(mode, options), await takenNames(api));
      if (options.try !== undefined || options.tryRun !== undefined) {
        const tried = await tryOut(api, mode, name, options);
        return output.answer(tried, (paint) => triedText(tried, paint));
      }
      const { when } = options;
      const connector = await api.createConnector({
        name,
        type: options.type,
        mode,
        config: await configFrom(options, () => connectorSchema(api, options.type, mode)),
        connection: options.connection ?? null,
        agents: options.agent.map((agent) => (when === undefined ? agent : { name: agent, when })),
        ...(options.filter === undefined ? {} : { filter: options.filter }),
        ...(options.delivery === undefined ? {} : { delivery: options.delivery }),
      });
      const steps = output.json ? [] : await stepsWithConnector(api, connector, connector.secret);
      output.answer(connector, (paint) => withNextSteps(createdConnectorText(connector, paint), steps));
    });
}

/** What the conditions of a connector make of an event or a result before it is created. */
function tryOut(api: ApiClient, mode: Mode, name: string, options: CreateOptions): Promise<TriedFilter> {
  const { type, agent: agents, filter, when = null, try: payload, tryRun } = options;
  return api.tryDraftFilter(type, {
    mode,
    name,
    when: Object.fromEntries(agents.map((agent) => [agent, when])),
    ...(filter === undefined ? {} : { filter }),
    ...(payload === undefined ? {} : { payload }),
    ...(tryRun === undefined ? {} : { run_id: tryRun }),
  });
}

function nameOf(mode: string, { type, agent }: CreateOptions): string {
  return [type, mode, ...(agent.length > 0 ? ['for', agent.join(', ')] : [])].join(' ');
}
