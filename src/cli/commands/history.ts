import type { Command } from 'commander';
import { parseLimit } from '../argument-values.ts';
import { examples } from '../examples.ts';
import { findConnector } from '../find-connector.ts';
import { openContext } from '../open-context.ts';
import { historyTable } from '../render/source-text.ts';

interface HistoryOptions {
  readonly limit?: number;
  readonly cursor?: string;
}

/** `connectors history`: lists what happened to a connector, other than events and deliveries. */
export function historyCommand(program: Command): void {
  program
    .command('history')
    .helpGroup('Events:')
    .summary('list missed ticks, failures, and why the system disabled a connector')
    .description(
      "List a connector's missed and skipped ticks, source failures, errors of conditions, dropped results, and why the system disabled it, newest first. Its filtered events: triggers --connector <name> --outcome filtered.",
    )
    .argument('<connector>', 'name or id')
    .option('--limit <count>', 'maximum number of items, 1 to 100', parseLimit)
    .option('--cursor <cursor>', 'continue from the previous page')
    .addHelpText(
      'after',
      examples(
        ['history daily-report', 'which ticks were missed?'],
        ['history written-reports', 'why did the system disable it?'],
      ),
    )
    .action(async (reference: string, options: HistoryOptions, command: Command) => {
      const { api, output } = await openContext(command);
      const connector = await findConnector(api, reference);
      const page = await api.listConnectorHistory(connector.id, options);
      output.page(page, (paint) => historyTable(page.items, paint));
    });
}
