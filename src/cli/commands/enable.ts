import type { Command } from 'commander';
import { examples } from '../examples.ts';
import { setEnabled } from '../set-enabled.ts';

/** `connectors enable`: a connector works again. */
export function enableCommand(program: Command): void {
  program
    .command('enable')
    .helpGroup('Connectors:')
    .summary('enable a connector')
    .description('Enable a connector that is disabled.')
    .argument('<connector>', 'name or id')
    .addHelpText('after', examples(['enable orders-in', 'it accepts again']))
    .action((reference: string, _options: unknown, command: Command) => setEnabled(command, reference, true));
}
