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
    .description('Enable a disabled connector. For an outbound one, prints how many results are held.')
    .argument('<connector>', 'name or id')
    .addOption(
      new Option('--held <decision>', 'what to do with held results (default: keep)').choices(heldDecisions),
    )
    .addHelpText(
      'after',
      examples(
        ['enable orders-in', 'accept events again'],
        ['enable results --held send', 'deliver again, including held results'],
      ),
    )
    .action((reference: string, { held }: { readonly held?: HeldDecision }, command: Command) =>
      setEnabled(command, reference, {
        enabled: true,
        ...(held === undefined ? {} : { held_deliveries: held }),
      }),
    );
}
