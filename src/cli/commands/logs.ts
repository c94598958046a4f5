import type { Command } from 'commander';
import { examples } from '../examples.ts';
import { openContext } from '../open-context.ts';
import { runLogText } from '../render/run-text.ts';

/** `connectors logs`: what a run did, step by step, and what it wrote. */
export function logsCommand(program: Command): void {
  program
    .command('logs')
    .helpGroup('Agents and runs:')
    .summary("print a run's trace and log lines")
    .description("Print a run's trace as a tree, and its log lines.")
    .argument('<run>', 'run id')
    .addHelpText('after', examples(['logs <run>', 'why did it fail?']))
    .action(async (runId: string, _options: unknown, command: Command) => {
      const { api, output } = await openContext(command);
      const run = await api.getRun(runId);
      const { run_id, status, error, spans, logs } = run;
      output.answer({ run_id, status, error, spans, logs }, (paint) => runLogText(run, paint));
    });
}
