import type { Command } from 'commander';
import { examples } from '../examples.ts';
import { openContext } from '../open-context.ts';
import { printOutputOf } from '../wait-for-run.ts';

interface RunAgainOptions {
  readonly wait: boolean;
}

/** `connectors run-again`: a new run with an earlier one's payload. */
export function runAgainCommand(program: Command): void {
  program
    .command('run-again')
    .helpGroup('Agents and runs:')
    .summary('start a run once more')
    .description("Start a new run with an earlier run's payload, wait for the end and print its output.")
    .argument('<run>', 'id of the run')
    .option('--no-wait', "print the new run's id at once")
    .addHelpText('after', examples(['run-again <run>', 'the same once more']))
    .action(async (runId: string, options: RunAgainOptions, command: Command) => {
      const context = await openContext(command);
      const started = await context.api.runAgain(runId);
      if (options.wait) return printOutputOf(context, started.run_id);
      context.output.answer(started, () => started.run_id);
    });
}
