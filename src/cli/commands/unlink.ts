import type { Command } from 'commander';
import { agentOf } from '../../api/contract/index.ts';
import { CliFailure } from '../cli-failure.ts';
import { examples } from '../examples.ts';
import { findConnector } from '../find-connector.ts';
import { openContext } from '../open-context.ts';
import { linkedText } from '../render/connector-text.ts';

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
      const { name, agents: links } = connector;
      const unknown = agents.find((agent) => !links.some((link) => agentOf(link) === agent));
      if (unknown !== undefined) {
        const linked = links.map(agentOf).join(', ') || 'no agents';
        throw new CliFailure('notFound', `"${unknown}" is not linked to "${name}". Linked: ${linked}.`);
      }
      for (const agent of agents) connector = await api.unlinkAgent(connector.id, agent);
      const left = connector;
      output.answer(left, (paint) => linkedText(left, paint));
    });
}
