import type { Command } from 'commander';
import { parseLimit } from '../argument-values.ts';
import { examples } from '../examples.ts';
import { openContext } from '../open-context.ts';
import { deadLetterTable } from '../render/dead-letter-text.ts';

interface DeadLettersOptions {
  readonly limit?: number;
  readonly cursor?: string;
}

/** `connectors dead-letters`: lists events that failed after all retries. */
export function deadLettersCommand(program: Command): void {
  program
    .command('dead-letters')
    .helpGroup('Deliveries:')
    .summary('list events that failed after all retries')
    .description('List events that failed after all retries. "retry" processes them again.')
    .option('--limit <count>', 'maximum number of items, 1 to 100', parseLimit)
    .option('--cursor <cursor>', 'continue from the previous page')
    .addHelpText('after', examples(['dead-letters', 'ideally empty']))
    .action(async (options: DeadLettersOptions, command: Command) => {
      const { api, output } = await openContext(command);
      const page = await api.listDeadLetters(options);
      output.page(page, (paint) => deadLetterTable(page.items, paint));
    });
}
