import type { Command } from 'commander';
import { examples } from '../examples.ts';
import { openContext } from '../open-context.ts';
import { typesText } from '../render/type-text.ts';

/** `connectors types`: lists connector types and their configuration. */
export function typesCommand(program: Command): void {
  program
    .command('types')
    .helpGroup('Connectors:')
    .summary('list connector types and their configuration')
    .description('List connector types with their modes and configuration fields.')
    .addHelpText(
      'after',
      examples(['types', 'fields for "create --set"'], ['types --json', 'with the JSON Schemas']),
    )
    .action(async (_options: unknown, command: Command) => {
      const { api, output } = await openContext(command);
      const list = await api.listConnectorTypes();
      output.answer(list, (paint) => typesText(list.items, paint));
    });
}
