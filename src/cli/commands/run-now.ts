import type { Command } from 'commander';
import { examples } from '../examples.ts';
import { findConnector } from '../find-connector.ts';
import { openContext } from '../open-context.ts';
import { filteredNote } from '../send/run-answer.ts';

/** `connectors run-now`: fires a schedule now. */
export function runNowCommand(program: Command): void {
  program
    .command('run-now')
    .helpGroup('Events:')
    .summary('fire a schedule now')
    .description('Fire a schedule now, regardless of its overlap policy, and print the run ids.')
    .argument('<connector>', 'name or id')
    .addHelpText('after', examples(['run-now daily-report', 'without waiting for the next tick']))
    .action(async (reference: string, _options: unknown, command: Command) => {
      const { api, output } = await openContext(command);
      const connector = await findConnector(api, reference);
      const started = await api.runNow(connector.id);
      output.answer(started, () => (started.filtered ? filteredNote : started.run_ids.join('\n')));
    });
}
