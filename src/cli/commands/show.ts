import type { Command } from 'commander';
import type { WireConnector } from '../../api/contract/index.ts';
import type { ApiClient } from '../api-client.ts';
import { examples } from '../examples.ts';
import { findConnector } from '../find-connector.ts';
import { openContext } from '../open-context.ts';
import { connectorFacts } from '../render/connector-text.ts';
import { heldText } from '../render/delivery-text.ts';
import { setUpText } from '../render/instructions-text.ts';

/** `connectors show`: shows a connector with its configuration and links. */
export function showCommand(program: Command): void {
  program
    .command('show')
    .helpGroup('Connectors:')
    .summary('show a connector')
    .description(
      "Show a connector's URL, configuration, agents, and what to set up at the provider. Its secret is not shown.",
    )
    .argument('<connector>', 'name or id')
    .addHelpText('after', examples(['show "Try it"', 'by name']))
    .action(async (reference: string, _options: unknown, command: Command) => {
      const { api, output } = await openContext(command);
      const connector = await findConnector(api, reference);
      const held =
        connector.mode === 'outbound' ? await api.countHeldDeliveries({ connector: connector.id }) : null;
      const instructions = output.json ? null : await instructionsOf(api, connector);
      output.answer(connector, (paint) => {
        const parts = [
          connectorFacts(connector, paint),
          held === null ? null : heldText(held, connector.name),
          instructions === null ? null : setUpText(instructions, connector.url, paint),
        ];
        return parts.filter((part) => part !== null).join('\n\n');
      });
    });
}

/** The type's instructions for setting up the provider; `null` if it has none. */
async function instructionsOf(api: ApiClient, { type, mode }: WireConnector): Promise<string | null> {
  const { items } = await api.listConnectorTypes();
  const modes = items.find(({ name }) => name === type)?.modes ?? [];
  return modes.find((described) => described.mode === mode)?.instructions ?? null;
}
