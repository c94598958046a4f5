import type { Command } from 'commander';
import { examples } from '../examples.ts';
import { findConnector } from '../find-connector.ts';
import { openContext } from '../open-context.ts';
import { connectorFacts } from '../render/connector-text.ts';

/** `connectors unlink`: unlinks agents from a connector. */
export function unlinkCommand(program: Command): void {
  program
    .command('unlink')
    .helpGroup('Connectors:')
    .summary('unlink agents from a connector')
    .description('Unlink agents from a connector. Runs in progress continue.')
    .argument('<connector>', 'name or id')
    .argument('<agent...>', 'agent names')
    .addHelpText('after', examples(['unlink orders-in order-lookup', 'remove an agent']))
    .action(async (reference: string, agents: readonly string[], _options: unknown, command: Command) => {
      const { api, output } = await openContext(command);
      let connector = await findConnector(api, reference);
      for (const agent of agents) connector = await api.unlinkAgent(connector.id, agent);
      output.answer(connector, (paint) => connectorFacts(connector, paint));
    });
}
