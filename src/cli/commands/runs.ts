import { type Command, Option } from 'commander';
import { runStatuses } from '../../core/runs/run.ts';
import { parseCount, parseLimit, parseMoment } from '../argument-values.ts';
import { CliFailure } from '../cli-failure.ts';
import { connectorNames } from '../connector-names.ts';
import { examples } from '../examples.ts';
import { findConnector } from '../find-connector.ts';
import { openContext } from '../open-context.ts';
import { runTable, runText } from '../render/run-text.ts';

interface RunsOptions {
  readonly status?: string;
  readonly agent?: string;
  readonly connector?: string;
  readonly model?: string;
  readonly minDuration?: number;
  readonly from?: string;
  readonly to?: string;
  readonly search?: string;
  readonly limit?: number;
  readonly cursor?: string;
  readonly follow?: true;
}

/** `connectors runs`: lists runs, shows one, or follows their changes. */
export function runsCommand(program: Command): void {
  program
    .command('runs')
    .helpGroup('Agents and runs:')
    .summary('list or watch runs, or show one')
    .description('List runs, newest first, watch them with --follow, or show the details of one.')
    .argument('[run]', 'run id')
    .option('-s, --status <status>', `one or more of ${runStatuses.join(', ')}, separated by commas`)
    .option('-a, --agent <name>', 'only this agent')
    .option('-c, --connector <connector>', 'only from this connector (name or id)')
    .option('-m, --model <model>', 'only those whose last model call used this model (provider/model)')
    .option('--min-duration <ms>', 'only ended ones that took at least this many milliseconds', parseCount)
    .addOption(new Option('--from <time>', 'queued after this time or age (2h)').argParser(parseMoment))
    .addOption(new Option('--to <time>', 'queued before this time or age (15m)').argParser(parseMoment))
    .option(
      '-q, --search <text>',
      'id of a run, trigger, or delivery; text in payload, output, or error; or key=value in the context',
    )
    .option('--limit <count>', 'maximum number of items, 1 to 100', parseLimit)
    .option('--cursor <cursor>', 'continue from the previous page')
    .option('-f, --follow', 'print run changes as they happen; Ctrl+C stops')
    .addHelpText(
      'after',
      examples(
        ['runs --status failed --from 2h', 'recent failures'],
        ['runs --follow', 'watch'],
        ['runs --follow --json', 'one JSON line per change'],
        ['runs <run>', 'details of one run'],
      ),
    )
    .action(async (runId: string | undefined, options: RunsOptions, command: Command) => {
      if (runId !== undefined) return showRun(runId, command);
      if (options.follow) return follow(options, command);
      const { api, output } = await openContext(command);
      const { search, connector, minDuration, ...query } = options;
      const page = await api.listRuns({
        ...query,
        ...(search === undefined ? {} : { q: search }),
        ...(minDuration === undefined ? {} : { min_duration_ms: minDuration }),
        ...(connector === undefined ? {} : { connector: (await findConnector(api, connector)).id }),
      });
      const ids = page.items.map(({ connector_id }) => connector_id);
      const names = await connectorNames(api, ids, output.json);
      output.page(page, (paint) => runTable(page.items, names, paint));
    });
}

async function showRun(runId: string, command: Command): Promise<void> {
  const { api, output } = await openContext(command);
  const run = await api.getRun(runId);
  const ids = [run.connector_id, ...run.deliveries.map(({ connector_id }) => connector_id)];
  const names = await connectorNames(api, ids, output.json);
  output.answer(run, (paint) => runText(run, names, paint));
}

async function follow({ status, agent, connector, ...others }: RunsOptions, command: Command): Promise<void> {
  const unfit = Object.keys(others).find((name) => name !== 'follow');
  if (unfit !== undefined) throw new CliFailure('usage', `--${unfit} cannot be combined with --follow.`);
  const context = await openContext(command);
  const { followRuns } = await import('../follow-runs.ts');
  const wanted = {
    statuses: status?.split(','),
    agentName: agent,
    connectorId: connector && (await findConnector(context.api, connector)).id,
  };
  await followRuns(context, wanted);
}
