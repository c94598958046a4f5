import type { Command } from 'commander';
import { parseLimit } from '../argument-values.ts';
import { examples } from '../examples.ts';
import { findConnector } from '../find-connector.ts';
import { openContext } from '../open-context.ts';
import { refusedTable } from '../render/trigger-text.ts';

interface RefusedOptions {
  readonly connector?: string;
  readonly limit?: number;
  readonly cursor?: string;
}

/** `connectors refused`: lists requests that started no run. */
export function refusedCommand(program: Command): void {
  program
    .command('refused')
    .helpGroup('Events:')
    .summary('list requests that started no run')
    .description('List requests of the last day that were refused or repeated an earlier one, newest first.')
    .option('-c, --connector <connector>', 'only to this connector (name or id)')
    .option('--limit <count>', 'maximum number of items, 1 to 100', parseLimit)
    .option('--cursor <cursor>', 'continue from the previous page')
    .addHelpText('after', examples(['refused --connector orders', 'why nothing runs']))
    .action(async ({ connector, ...query }: RefusedOptions, command: Command) => {
      const { api, output } = await openContext(command);
      const page = await api.listRefusedRequests({
        ...query,
        ...(connector === undefined ? {} : { connector: (await findConnector(api, connector)).id }),
      });
      output.page(page, (paint) => refusedTable(page.items, paint));
    });
}
