import { type Command, Option } from 'commander';
import { runStatuses } from '../../core/runs/run.ts';
import { parseLimit, parseMoment } from '../argument-values.ts';
import { CliFailure } from '../cli-failure.ts';
import { examples } from '../examples.ts';
import { findConnector } from '../find-connector.ts';
import { openContext } from '../open-context.ts';
import { runTable, runText } from '../render/run-text.ts';

interface RunsOptions {
  readonly status?: string;
  readonly agent?: string;
  readonly connector?: string;
  readonly from?: string;
  readonly to?: string;
  readonly search?: string;
  readonly limit?: number;
  readonly cursor?: string;
  readonly follow?: true;
}

/** `connectors runs`: the runs, one of them, or what happens to them from now on. */
export function runsCommand(program: Command): void {
  program
    .command('runs')
    .helpGroup('Agents and runs:')
    .summary('list runs, watch them, or show one')
    .description('List runs, newest first; watch them with --follow; or show one in full.')
    .argument('[run]', 'id of a run')
    .option('-s, --status <status>', `one or several of ${runStatuses.join(', ')}, separated by commas`)
    .option('-a, --agent <name>', 'only of this agent')
    .option('-c, --connector <connector>', 'only from this connector (name or id)')
    .addOption(
      new Option('--from <time>', 'queued since: a time, or how long ago (2h)').argParser(parseMoment),
    )
    .addOption(
      new Option('--to <time>', 'queued before: a time, or how long ago (15m)').argParser(parseMoment),
    )
    .option('-q, --search <text>', 'text in payload, output or error; or key=value on the context')
    .option('--limit <count>', 'how many at most, 1 to 100', parseLimit)
    .option('--cursor <cursor>', 'go on where the last list ended')
    .option('-f, --follow', 'print every change of a run as it happens, until Ctrl+C')
    .addHelpText(
      'after',
      examples(
        ['runs --status failed --from 2h', 'what went wrong lately'],
        ['runs --follow', 'watch'],
        ['runs --follow --json', 'one line of JSON a change'],
        ['runs <run>', 'one run in full'],
      ),
    )
    .action(async (runId: string | undefined, options: RunsOptions, command: Command) => {
      if (runId !== undefined) return showRun(runId, command);
      if (options.follow) return follow(options, command);
      const { api, output } = await openContext(command);
      const { search, connector, ...query } = options;
      const page = await api.listRuns({
        ...query,
        ...(search === undefined ? {} : { q: search }),
        ...(connector === undefined ? {} : { connector: (await findConnector(api, connector)).id }),
      });
      output.page(page, (paint) => runTable(page.items, paint));
    });
}

async function showRun(runId: string, command: Command): Promise<void> {
  const { api, output } = await openContext(command);
  const run = await api.getRun(runId);
  output.answer(run, (paint) => runText(run, paint));
}

async function follow({ status, agent, connector, ...others }: RunsOptions, command: Command): Promise<void> {
  const unfit = Object.keys(others).find((name) => name !== 'follow');
  if (unfit !== undefined) throw new CliFailure('usage', `--${unfit} and --follow do not go together.`);
  const context = await openContext(command);
  const { followRuns } = await import('../follow-runs.ts');
  const wanted = {
    statuses: status?.split(','),
    agentName: agent,
    connectorId: connector && (await findConnector(context.api, connector)).id,
  };
  await followRuns(context, wanted);
}
