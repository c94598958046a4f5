import type { Command } from 'commander';
import { confirm } from '../confirm.ts';
import { examples } from '../examples.ts';
import { findConnector } from '../find-connector.ts';
import { openContext } from '../open-context.ts';

interface DeleteOptions {
  readonly yes?: true;
}

/** `connectors delete`: deletes a connector and its secret. */
export function deleteCommand(program: Command): void {
  program
    .command('delete')
    .helpGroup('Connectors:')
    .summary('delete a connector')
    .description('Delete a connector, its secret, and its pending and held deliveries. Its runs are kept.')
    .argument('<connector>', 'name or id')
    .option('-y, --yes', 'skip confirmation')
    .addHelpText(
      'after',
      examples(['delete orders-in', 'asks for confirmation'], ['delete orders-in --yes', 'in a script']),
    )
    .action(async (reference: string, options: DeleteOptions, command: Command) => {
      const { api, output } = await openContext(command);
      const connector = await findConnector(api, reference);
      if (!options.yes) await confirm(`Delete the connector "${connector.name}" (${connector.id})?`);
      await api.deleteConnector(connector.id);
      output.answer({ id: connector.id, deleted: true }, () => `Deleted "${connector.name}".`);
    });
}
