import type { Command } from 'commander';
import type { WireConnector } from '../../api/contract/index.ts';
import type { ApiClient } from '../api-client.ts';
import { examples } from '../examples.ts';
import { findConnector } from '../find-connector.ts';
import { type NextStep, withNextSteps } from '../next-steps.ts';
import { openContext } from '../open-context.ts';
import { connectorFacts } from '../render/connector-text.ts';
import { shellName } from '../render/curl-command.ts';
import { heldText } from '../render/delivery-text.ts';
import { setUpText } from '../render/instructions-text.ts';

/** `connectors show`: shows a connector with its configuration and links. */
export function showCommand(program: Command): void {
  program
    .command('show')
    .helpGroup('Connectors:')
    .summary('show a connector')
    .description(
      "Show a connector's URL, configuration, agents, and what to set up at the other side. Its secret is not shown.",
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
        const text = parts.filter((part) => part !== null).join('\n\n');
        return withNextSteps(text, connector.health.status === 'failing' ? [whyItFails(connector)] : []);
      });
    });
}

/** Where an operator finds each failure. */
function whyItFails({ name, mode }: WireConnector): NextStep {
  return mode === 'outbound'
    ? { does: 'See its deliveries:', command: `npx connectors deliveries --connector ${shellName(name)}` }
    : { does: 'See its failures:', command: `npx connectors history ${shellName(name)}` };
}

/** The type's instructions for setting up the provider; `null` if it has none. */
async function instructionsOf(api: ApiClient, { type, mode }: WireConnector): Promise<string | null> {
  const { items } = await api.listConnectorTypes();
  const modes = items.find(({ name }) => name === type)?.modes ?? [];
  return modes.find((described) => described.mode === mode)?.instructions ?? null;
}
