import type { Command } from 'commander';
import { examples } from '../examples.ts';
import { findConnector } from '../find-connector.ts';
import { openContext } from '../open-context.ts';
import { nextRunsText } from '../render/source-text.ts';

/** `connectors next-runs`: shows the next ticks of a schedule. */
export function nextRunsCommand(program: Command): void {
  program
    .command('next-runs')
    .helpGroup('Events:')
    .summary('show the next ticks of a schedule')
    .description("Show the next five ticks of a schedule, in local time and in the schedule's time zone.")
    .argument('<connector>', 'name or id')
    .addHelpText('after', examples(['next-runs daily-report', 'see the next ticks']))
    .action(async (reference: string, _options: unknown, command: Command) => {
      const { api, output } = await openContext(command);
      const connector = await findConnector(api, reference);
      const next = await api.nextRuns(connector.id);
      output.answer(next, (paint) => nextRunsText(next, paint));
    });
}
