import { type Command, Option } from 'commander';
import { type TriggerOutcome, triggerOutcomes } from '../../core/triggers/trigger-outcome.ts';
import { parseLimit, parseMoment } from '../argument-values.ts';
import { connectorNames } from '../connector-names.ts';
import { examples } from '../examples.ts';
import { findConnector } from '../find-connector.ts';
import { openContext } from '../open-context.ts';
import { triggerTable, triggerText } from '../render/trigger-text.ts';

interface TriggersOptions {
  readonly outcome?: TriggerOutcome;
  readonly connector?: string;
  readonly from?: string;
  readonly to?: string;
  readonly search?: string;
  readonly limit?: number;
  readonly cursor?: string;
}

/** `connectors triggers`: lists what came in, or shows one trigger. */
export function triggersCommand(program: Command): void {
  program
    .command('triggers')
    .helpGroup('Events:')
    .summary('list events and their outcomes, or show one')
    .description(
      'List events and what became of them, newest first, or show one: its request, its payload, and its runs.',
    )
    .argument('[trigger]', 'trigger id; "runs <run>" prints it')
    .addOption(new Option('-o, --outcome <outcome>', 'only this outcome').choices(triggerOutcomes))
    .option('-c, --connector <connector>', 'only of this connector (name or id)')
    .addOption(new Option('--from <time>', 'received after this time or age (2h)').argParser(parseMoment))
    .addOption(new Option('--to <time>', 'received before this time or age (15m)').argParser(parseMoment))
    .option('-q, --search <text>', 'id of a trigger; text in the payload; or key=value in the context')
    .option('--limit <count>', 'maximum number of items, 1 to 100', parseLimit)
    .option('--cursor <cursor>', 'continue from the previous page')
    .addHelpText(
      'after',
      examples(
        ['triggers --outcome filtered --from 2h', 'which events did a filter exclude?'],
        ['triggers <trigger>', 'method, headers, sender, payload, runs'],
      ),
    )
    .action(async (id: string | undefined, options: TriggersOptions, command: Command) => {
      if (id !== undefined) return showTrigger(id, command);
      const { api, output } = await openContext(command);
      const { search, connector, ...query } = options;
      const page = await api.listTriggers({
        ...query,
        ...(search === undefined ? {} : { q: search }),
        ...(connector === undefined ? {} : { connector: (await findConnector(api, connector)).id }),
      });
      const ids = page.items.map(({ connector_id }) => connector_id);
      const names = await connectorNames(api, ids, output.json);
      output.page(page, (paint) => triggerTable(page.items, names, paint));
    });
}

async function showTrigger(id: string, command: Command): Promise<void> {
  const { api, output } = await openContext(command);
  const trigger = await api.getTrigger(id);
  const ids = [trigger.connector_id, ...trigger.runs.map(({ connector_id }) => connector_id)];
  const names = await connectorNames(api, ids, output.json);
  output.answer(trigger, (paint) => triggerText(trigger, names, paint));
}
