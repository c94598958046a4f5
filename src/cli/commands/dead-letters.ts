import type { Command } from 'commander';
import { parseLimit } from '../argument-values.ts';
import { examples } from '../examples.ts';
import { openContext } from '../open-context.ts';
import { deadLetterTable } from '../render/dead-letter-text.ts';

interface DeadLettersOptions {
  readonly limit?: number;
  readonly cursor?: string;
}

/** `connectors dead-letters`: what no handler could take. */
export function deadLettersCommand(program: Command): void {
  program
    .command('dead-letters')
    .helpGroup('Deliveries:')
    .summary('list what no handler could take')
    .description('List what no handler could take. It is kept until "retry" hands it back.')
    .option('--limit <count>', 'how many at most, 1 to 100', parseLimit)
    .option('--cursor <cursor>', 'go on where the last list ended')
    .addHelpText('after', examples(['dead-letters', 'should be empty']))
    .action(async (options: DeadLettersOptions, command: Command) => {
      const { api, output } = await openContext(command);
      const page = await api.listDeadLetters(options);
      output.page(page, (paint) => deadLetterTable(page.items, paint));
    });
}
