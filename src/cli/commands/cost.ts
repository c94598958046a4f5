import type { Command } from 'commander';
import { awsCosts } from '../../connectors/aws-costs.ts';
import { parseCount, parseMeasure } from '../argument-values.ts';
import { type ExpectedMonth, type MonthlyBill, monthlyBill } from '../cost/monthly-bill.ts';
import { examples } from '../examples.ts';
import type { GlobalOptions } from '../open-context.ts';
import { processOutput } from '../output.ts';
import { costText } from '../render/cost-text.ts';

/** `connectors cost`: estimates the monthly cost on AWS, offline: the prices are in `src/cli/cost/aws-prices.ts`. */
export function costCommand(program: Command): void {
  const cost = program
    .command('cost')
    .helpGroup('System:')
    .summary('estimate the monthly AWS cost')
    .description(
      'Estimate the monthly AWS cost of a deployment by service, from the usage of a run and AWS list prices.',
    )
    .requiredOption('-r, --runs-per-month <count>', 'runs per month', parseCount)
    .option(
      '-s, --agent-seconds <seconds>',
      'duration of a run, including the time it waits for its model',
      parseMeasure,
      5,
    )
    .option('-k, --payload-kb <kb>', 'size of each payload and output', parseMeasure, 1)
    .option('-d, --retention-days <days>', 'how long runs are kept', parseCount, 30)
    .option('-m, --agent-memory-mb <mb>', 'memory of the functions that run agents', parseCount, 512);
  for (const [flags, description, count] of socketOptions)
    cost.option(flags, description, parseMeasure, count);
  for (const { standing } of awsCosts) {
    const { count, description, defaultCount } = standing;
    cost.option(`--${withHyphens(count)} <count>`, description, parseCount, defaultCount);
  }
  cost
    .option('--dashboard-hours <hours>', 'hours per month with a visible dashboard tab', parseMeasure, 0)
    .option('--scheduled-runs <count>', 'how many of the runs are scheduled for later', parseCount, 0)
    .option('--held-runs <count>', 'how many of the runs wait for a pause or a budget', parseCount, 0)
    .option('--filtered-events <count>', 'filtered events per month, which start no runs', parseCount, 0)
    .option(
      '--budgeted-calls <count>',
      'model calls per month, once for each budget that counts them',
      parseCount,
      0,
    )
    .option('--statistics-reads <count>', 'how often monthly statistics are read', parseCount, 0)
    .option('--own-key', 'encrypt with your own KMS key', false)
    .addHelpText(
      'after',
      examples(
        ['cost --runs-per-month 0', 'idle cost'],
        ['cost --runs-per-month 1000000 --agent-seconds 3', 'a million short runs'],
      ),
    )
    .action((_options: unknown, command: Command) => {
      const { json, ...expected }: GlobalOptions & ExpectedMonth = command.optsWithGlobals();
      const bill = monthlyBill(expected);
      processOutput(json === true).answer(jsonOf(bill), (paint) => costText(bill, paint));
    });
}

/** What clients of a WebSocket API do. */
const socketOptions = [
  ['--connection-minutes <minutes>', 'duration of a WebSocket connection', 10],
  ['--connection-messages <count>', 'messages that a client sends over a WebSocket connection', 5],
  ['--answer-chunks <count>', 'chunks of an answer over a WebSocket connection; 0 without streaming', 40],
] as const;

function jsonOf({ region, pricesChecked, expected, lines, total }: MonthlyBill) {
  return {
    region,
    prices_checked: pricesChecked,
    runs_per_month: expected.runsPerMonth,
    agent_seconds: expected.agentSeconds,
    payload_kb: expected.payloadKb,
    retention_days: expected.retentionDays,
    agent_memory_mb: expected.agentMemoryMb,
    connection_minutes: expected.connectionMinutes,
    connection_messages: expected.connectionMessages,
    answer_chunks: expected.answerChunks,
    ...Object.fromEntries(
      awsCosts.map(({ standing: { count } }) => [withUnderscores(count), expected[count]]),
    ),
    dashboard_hours: expected.dashboardHours,
    scheduled_runs: expected.scheduledRuns,
    held_runs: expected.heldRuns,
    filtered_events: expected.filteredEvents,
    budgeted_calls: expected.budgetedCalls,
    statistics_reads: expected.statisticsReads,
    own_key: expected.ownKey,
    usd_per_month: { services: lines.map(({ service, usd }) => ({ service, ...usd })), total },
  };
}

function withHyphens(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function withUnderscores(name: string): string {
  return withHyphens(name).replaceAll('-', '_');
}
