import type { Command } from 'commander';
import { examples } from '../examples.ts';
import { findConnector } from '../find-connector.ts';
import { openContext } from '../open-context.ts';

/** `connectors secret`: prints only a connector's secret. */
export function secretCommand(program: Command): void {
  program
    .command('secret')
    .helpGroup('Connectors:')
    .summary("print a connector's secret")
    .description("Print only a connector's secret. The audit log records the access.")
    .argument('<connector>', 'name or id')
    .addHelpText(
      'after',
      examples(
        ['secret orders-in', 'print the secret'],
        ['secret orders-in | pbcopy', 'copy it to the clipboard (macOS)'],
      ),
    )
    .action(async (reference: string, _options: unknown, command: Command) => {
      const { api, output } = await openContext(command);
      const connector = await findConnector(api, reference);
      const answer = await api.showSecret(connector.id);
      output.answer(answer, () => answer.secret);
    });
}
