import type { Command } from 'commander';
import { examples } from '../examples.ts';
import { openContext } from '../open-context.ts';
import { agentTable, agentText } from '../render/agent-text.ts';

/** `connectors agents`: lists the project's agents, or shows one. */
export function agentsCommand(program: Command): void {
  program
    .command('agents')
    .helpGroup('Agents and runs:')
    .summary('list agents or show one')
    .description('List the agents of the project with their connectors, or show the details of one.')
    .argument('[agent]', 'name')
    .addHelpText(
      'after',
      examples(['agents', 'all agents'], ['agents question-answerer', 'details of one agent']),
    )
    .action(async (name: string | undefined, _options: unknown, command: Command) => {
      const { api, output } = await openContext(command);
      if (name === undefined) {
        const list = await api.listAgents();
        return output.answer(list, (paint) => agentTable(list, paint));
      }
      const agent = await api.getAgent(name);
      output.answer(agent, (paint) => agentText(agent, paint));
    });
}
