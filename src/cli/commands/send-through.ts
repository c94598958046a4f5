import type { Command } from 'commander';
import { examples } from '../examples.ts';
import { openContext } from '../open-context.ts';

/** `connectors send-through`: starts the runs that a filter has kept an event from. */
export function sendThroughCommand(program: Command): void {
  program
    .command('send-through')
    .helpGroup('Events:')
    .summary('run a filtered event after all')
    .description(
      'Start the runs that a filter has kept an event from, and print their ids. Each event can be sent through once.',
    )
    .argument('<trigger>', 'trigger id; "triggers --outcome filtered" lists them')
    .addHelpText('after', examples(['send-through <trigger>', 'run its agents, whatever the filter says']))
    .action(async (id: string, _options: unknown, command: Command) => {
      const { api, output } = await openContext(command);
      const sent = await api.sendThrough(id);
      output.answer(sent, () => sent.run_ids.join('\n'));
    });
}
