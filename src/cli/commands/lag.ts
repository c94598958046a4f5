import type { Command } from 'commander';
import { examples } from '../examples.ts';
import { findConnector } from '../find-connector.ts';
import { openContext } from '../open-context.ts';
import { sourceStateText } from '../render/source-text.ts';

/** `connectors lag`: shows the state and the lag of a connector's source. */
export function lagCommand(program: Command): void {
  program
    .command('lag')
    .helpGroup('Events:')
    .summary("show a source's status and lag")
    .description(
      "Show a connector's source: whether it is connected, its last error, and how many events wait.",
    )
    .argument('<connector>', 'name or id')
    .addHelpText('after', examples(['lag orders', 'how far behind is it?']))
    .action(async (reference: string, _options: unknown, command: Command) => {
      const { api, output } = await openContext(command);
      const connector = await findConnector(api, reference);
      const state = await api.sourceState(connector.id);
      output.answer(state, (paint) => sourceStateText(state, paint));
    });
}
