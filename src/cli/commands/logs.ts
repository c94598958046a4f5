import type { Command } from 'commander';
import type { ApiClient } from '../api-client.ts';
import { CliFailure } from '../cli-failure.ts';
import { connectorNames } from '../connector-names.ts';
import { examples } from '../examples.ts';
import { openContext } from '../open-context.ts';
import { runLogText } from '../render/run-text.ts';

/** `connectors logs`: prints a run's trace and log lines. */
export function logsCommand(program: Command): void {
  program
    .command('logs')
    .helpGroup('Agents and runs:')
    .summary("print a run's trace and log lines")
    .description("Print a run's trace as a tree, and its log lines.")
    .argument('[run]', 'run id (default: the newest run)')
    .addHelpText('after', examples(['logs', 'the newest run'], ['logs <run>', 'why did it fail?']))
    .action(async (runId: string | undefined, _options: unknown, command: Command) => {
      const { api, output } = await openContext(command);
      const run = await api.getRun(runId ?? (await newestRun(api)));
      const names = await connectorNames(api, [run.connector_id], output.json);
      const { run_id, status, error, spans, logs } = run;
      output.answer({ run_id, status, error, spans, logs }, (paint) => runLogText(run, names, paint));
    });
}

async function newestRun(api: ApiClient): Promise<string> {
  const [newest] = (await api.listRuns({ limit: 1 })).items;
  if (newest === undefined) throw new CliFailure('notFound', 'There are no runs yet.');
  return newest.run_id;
}
