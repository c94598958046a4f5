import { type Command, Option } from 'commander';
import type { ChangeConnectorBody } from '../../api/contract/index.ts';
import { type HeldDecision, heldDecisions } from '../../core/deliveries/delivery.ts';
import { examples } from '../examples.ts';
import { findConnector } from '../find-connector.ts';
import { openContext } from '../open-context.ts';
import { connectorFacts } from '../render/connector-text.ts';
import { heldText } from '../render/delivery-text.ts';

/** `connectors enable`: enables a connector. */
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

/** `connectors disable`: disables a connector. */
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

type Switch = Pick<ChangeConnectorBody, 'enabled' | 'held_deliveries'>;

/** Enables or disables a connector, and prints its new state with the results held for it. */
async function setEnabled(command: Command, reference: string, to: Switch): Promise<void> {
  const { api, output } = await openContext(command);
  const found = await findConnector(api, reference);
  const connector = await api.changeConnector(found.id, to);
  output.answer(connector, (paint) => {
    const held = connector.held_deliveries === null ? null : heldText(connector.held_deliveries, found.name);
    const shown = connectorFacts(connector, paint);
    return held === null ? shown : `${shown}\n\n${held}`;
  });
}
