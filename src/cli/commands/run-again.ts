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
    .summary('rerun a run')
    .description(
      'Start a new run with the payload of an earlier one, wait for it to end, and print its output.',
    )
    .argument('<run>', 'run id')
    .option('--no-wait', "print the new run's id without waiting")
    .addHelpText('after', examples(['run-again <run>', 'same payload, new run']))
    .action(async (runId: string, options: RunAgainOptions, command: Command) => {
      const context = await openContext(command);
      const started = await context.api.runAgain(runId);
      if (options.wait) return printOutputOf(context, started.run_id);
      context.output.answer(started, () => started.run_id);
    });
}
