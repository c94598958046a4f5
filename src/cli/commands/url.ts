import type { Command } from 'commander';
import { CliFailure } from '../cli-failure.ts';
import { examples } from '../examples.ts';
import { findConnector } from '../find-connector.ts';
import { openContext } from '../open-context.ts';

/** `connectors url`: prints only a connector's URL. */
export function urlCommand(program: Command): void {
  program
    .command('url')
    .helpGroup('Connectors:')
    .summary("print a connector's URL")
    .description('Print only the URL at which a connector is called.')
    .argument('<connector>', 'name or id')
    .addHelpText('after', examples(['url orders-in', 'print the URL']))
    .action(async (reference: string, _options: unknown, command: Command) => {
      const { api, output } = await openContext(command);
      const { url, name } = await findConnector(api, reference);
      if (url === null)
        throw new CliFailure('failed', `"${name}" has no URL, because it receives no requests.`);
      output.answer({ url }, () => url);
    });
}
