import { type Command, Option } from 'commander';
import { type HeldDecision, heldDecisions } from '../../core/deliveries/delivery.ts';
import { examples } from '../examples.ts';
import { setEnabled } from '../set-enabled.ts';

/** `connectors enable`: a connector works again. */
export function enableCommand(program: Command): void {
  program
    .command('enable')
    .helpGroup('Connectors:')
    .summary('enable a connector')
    .description(
      'Enable a connector that is disabled. An outbound one tells how many results are held for it.',
    )
    .argument('<connector>', 'name or id')
    .addOption(
      new Option('--held <decision>', 'what becomes of results that are held (default: keep)').choices(
        heldDecisions,
      ),
    )
    .addHelpText(
      'after',
      examples(
        ['enable orders-in', 'it accepts again'],
        ['enable results --held send', 'it delivers again, what was held too'],
      ),
    )
    .action((reference: string, { held }: { readonly held?: HeldDecision }, command: Command) =>
      setEnabled(command, reference, {
        enabled: true,
        ...(held === undefined ? {} : { held_deliveries: held }),
      }),
    );
}
