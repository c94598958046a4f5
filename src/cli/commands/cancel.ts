import type { Command } from 'commander';
import { examples } from '../examples.ts';
import { openContext } from '../open-context.ts';

/** `connectors cancel`: cancels a run. */
export function cancelCommand(program: Command): void {
  program
    .command('cancel')
    .helpGroup('Agents and runs:')
    .summary('cancel a run')
    .description('Cancel a run. A queued or scheduled run never starts; a running one ends at its next step.')
    .argument('<run>', 'id of the run')
    .addHelpText('after', examples(['cancel <run>', 'stop a run you no longer need']))
    .action(async (runId: string, _options: unknown, command: Command) => {
      const { api, output } = await openContext(command);
      const answer = await api.cancelRun(runId);
      output.answer(answer, () =>
        answer.status === 'cancelled' ? 'Cancelled.' : 'Cancelling. The run ends at its next step.',
      );
    });
}
