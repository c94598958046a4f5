import type { Command } from 'commander';
import { examples } from '../examples.ts';
import { findConnector } from '../find-connector.ts';
import { stepsWithConnector, withNextSteps } from '../next-steps.ts';
import { openContext } from '../open-context.ts';
import { linkedText } from '../render/connector-text.ts';

interface LinkOptions {
  readonly when?: string;
}

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
    .option(
      '-w, --when <condition>',
      'run the agents only if this is true; an empty string removes the condition',
    )
    .addHelpText(
      'after',
      examples(
        ['link orders-in order-lookup', 'add an agent'],
        ['link orders-in audit --when "input.total > 100"', 'add an agent for some events'],
      ),
    )
    .action(async (reference: string, agents: readonly string[], options: LinkOptions, command: Command) => {
      const { api, output } = await openContext(command);
      let connector = await findConnector(api, reference);
      for (const agent of agents) connector = await api.linkAgent(connector.id, agent, options);
      const linked = connector;
      const steps = output.json ? [] : await stepsWithConnector(api, linked, null);
      output.answer(linked, (paint) => withNextSteps(linkedText(linked, paint), steps));
    });
}
