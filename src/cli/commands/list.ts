import type { Command } from 'commander';
import { parseLimit } from '../argument-values.ts';
import { examples } from '../examples.ts';
import { openContext } from '../open-context.ts';
import { connectorTable } from '../render/connector-text.ts';

interface ListOptions {
  readonly limit?: number;
  readonly cursor?: string;
}

/** `connectors list`: lists connectors, newest first. */
export function listCommand(program: Command): void {
  program
    .command('list')
    .helpGroup('Connectors:')
    .summary('list connectors')
    .description('List connectors, newest first.')
    .option('--limit <count>', 'maximum number of items, 1 to 100', parseLimit)
    .option('--cursor <cursor>', 'continue from the previous page')
    .addHelpText('after', examples(['list', 'all connectors'], ['list --json', 'for a script']))
    .action(async (options: ListOptions, command: Command) => {
      const { api, output } = await openContext(command);
      const page = await api.listConnectors(options);
      output.page(page, (paint) => connectorTable(page.items, paint));
    });
}
