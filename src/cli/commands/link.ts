import type { Command } from 'commander';
import { examples } from '../examples.ts';
import { findConnector } from '../find-connector.ts';
import { openContext } from '../open-context.ts';
import { connectorFacts } from '../render/connector-text.ts';

/** `connectors link`: links agents to a connector. */
export function linkCommand(program: Command): void {
  program
    .command('link')
    .helpGroup('Connectors:')
    .summary('link agents to a connector')
    .description(
      'Link agents to a connector. An inbound or sync connector triggers all its agents; an outbound one delivers their results.',
    )
    .argument('<connector>', 'name or id')
    .argument('<agent...>', 'agent names')
    .addHelpText('after', examples(['link orders-in order-lookup', 'add an agent']))
    .action(async (reference: string, agents: readonly string[], _options: unknown, command: Command) => {
      const { api, output } = await openContext(command);
      let connector = await findConnector(api, reference);
      for (const agent of agents) connector = await api.linkAgent(connector.id, agent);
      output.answer(connector, (paint) => connectorFacts(connector, paint));
    });
}
