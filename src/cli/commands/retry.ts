import type { Command } from 'commander';
import { examples } from '../examples.ts';
import { openContext } from '../open-context.ts';

/** `connectors retry`: processes dead letters again. */
export function retryCommand(program: Command): void {
  program
    .command('retry')
    .helpGroup('Deliveries:')
    .summary('retry dead letters')
    .description('Process dead letters again.')
    .argument('<dead-letter...>', 'dead letter ids')
    .addHelpText('after', examples(['retry <dead-letter>', 'after fixing the cause']))
    .action(async (ids: readonly string[], _options: unknown, command: Command) => {
      const { api, output } = await openContext(command);
      for (const id of ids) await api.retryDeadLetter(id);
      output.answer({ retried: ids.length }, () => `Retrying: ${ids.length}.`);
    });
}
