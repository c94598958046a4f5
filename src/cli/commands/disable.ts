import type { Command } from 'commander';
import { examples } from '../examples.ts';
import { setEnabled } from '../set-enabled.ts';

/** `connectors disable`: a connector rests. */
export function disableCommand(program: Command): void {
  program
    .command('disable')
    .helpGroup('Connectors:')
    .summary('disable a connector')
    .description('Disable a connector. It accepts and delivers nothing until you enable it again.')
    .argument('<connector>', 'name or id')
    .addHelpText('after', examples(['disable orders-in', 'callers get 423']))
    .action((reference: string, _options: unknown, command: Command) =>
      setEnabled(command, reference, { enabled: false }),
    );
}
