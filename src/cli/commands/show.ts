import type { Command } from 'commander';
import { examples } from '../examples.ts';
import { findConnector } from '../find-connector.ts';
import { openContext } from '../open-context.ts';
import { connectorFacts } from '../render/connector-text.ts';
import { heldText } from '../render/delivery-text.ts';

/** `connectors show`: one connector with its configuration and links. */
export function showCommand(program: Command): void {
  program
    .command('show')
    .helpGroup('Connectors:')
    .summary('show a connector')
    .description("Show a connector's URL, configuration, and agents. Its secret is not shown.")
    .argument('<connector>', 'name or id')
    .addHelpText('after', examples(['show "Try it"', 'by name']))
    .action(async (reference: string, _options: unknown, command: Command) => {
      const { api, output } = await openContext(command);
      const connector = await findConnector(api, reference);
      const held =
        connector.mode === 'outbound' ? await api.countHeldDeliveries({ connector: connector.id }) : null;
      output.answer(connector, (paint) => {
        const facts = connectorFacts(connector, paint);
        const heldFacts = held === null ? null : heldText(held, connector.name);
        return heldFacts === null ? facts : `${facts}\n\n${heldFacts}`;
      });
    });
}
