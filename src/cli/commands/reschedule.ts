import type { Command } from 'commander';
import { CliFailure } from '../cli-failure.ts';
import { examples } from '../examples.ts';
import { openContext } from '../open-context.ts';
import { localTime } from '../time-text.ts';
import { addWhenOptions, type WhenOptions, whenOf } from '../when-options.ts';

interface RescheduleOptions extends WhenOptions {
  readonly now?: true;
}

/** `connectors reschedule`: changes when a scheduled run is due. */
export function rescheduleCommand(program: Command): void {
  addWhenOptions(
    program
      .command('reschedule')
      .helpGroup('Agents and runs:')
      .summary('change when a scheduled run is due')
      .description('Change when a scheduled run is due, or start it now.')
      .argument('<run>', 'id of the run'),
  )
    .option('--now', 'start it now')
    .addHelpText(
      'after',
      examples(
        ['reschedule <run> --at 2026-12-24T18:00Z', 'at another time'],
        ['reschedule <run> --in 2h', 'two hours from now'],
        ['reschedule <run> --now', 'start it now'],
      ),
    )
    .action(async (runId: string, options: RescheduleOptions, command: Command) => {
      const when = options.now ? { delay_seconds: 0 } : whenOf(options);
      const given = [options.now, options.at, options.in].filter((option) => option !== undefined);
      if (given.length !== 1) throw new CliFailure('usage', 'Pass one of --at, --in, and --now.');
      const { api, output } = await openContext(command);
      const answer = await api.rescheduleRun(runId, when);
      output.answer(answer, () =>
        options.now ? 'The run starts now.' : `The run is due at ${localTime(answer.scheduled_at)}.`,
      );
    });
}
