import type { Command } from 'commander';
import { parseCount, parseMeasure } from '../argument-values.ts';
import { type ExpectedMonth, type MonthlyBill, monthlyBill } from '../cost/monthly-bill.ts';
import { examples } from '../examples.ts';
import type { GlobalOptions } from '../open-context.ts';
import { processOutput } from '../output.ts';
import { costText } from '../render/cost-text.ts';

/** `connectors cost`: what a month on AWS costs. Asks nobody: the prices are in `src/cli/cost/aws-prices.ts`. */
export function costCommand(program: Command): void {
  program
    .command('cost')
    .helpGroup('System:')
    .summary('reckon what a month on AWS costs')
    .description(
      'Reckon the monthly bill of a deployment by service, from what a run uses and what AWS asks for it.',
    )
    .requiredOption('-r, --runs-per-month <count>', 'runs in a month', parseCount)
    .option(
      '-s, --agent-seconds <seconds>',
      'how long an agent works, waiting for its model included',
      parseMeasure,
      5,
    )
    .option('-k, --payload-kb <kb>', 'size of a payload, and of an output', parseMeasure, 1)
    .option('-d, --retention-days <days>', 'how long runs are kept', parseCount, 30)
    .option('-m, --agent-memory-mb <mb>', 'memory of the functions that execute agents', parseCount, 512)
    .option('--kafka-networks <count>', 'networks that connectors read Kafka from', parseCount, 1)
    .option(
      '--dashboard-hours <hours>',
      'for which tabs of the dashboard are open and visible',
      parseMeasure,
      0,
    )
    .option('--statistics-reads <count>', 'how often the statistics of the month are read', parseCount, 0)
    .option('--own-key', 'encrypted with a key of your own', false)
    .addHelpText(
      'after',
      examples(
        ['cost --runs-per-month 0', 'what stands idle'],
        ['cost --runs-per-month 1000000 --agent-seconds 3', 'a million short runs'],
      ),
    )
    .action((_options: unknown, command: Command) => {
      const { json, ...expected }: GlobalOptions & ExpectedMonth = command.optsWithGlobals();
      const bill = monthlyBill(expected);
      processOutput(json === true).answer(jsonOf(bill), (paint) => costText(bill, paint));
    });
}

function jsonOf({ region, pricesChecked, expected, lines, total }: MonthlyBill) {
  return {
    region,
    prices_checked: pricesChecked,
    runs_per_month: expected.runsPerMonth,
    agent_seconds: expected.agentSeconds,
    payload_kb: expected.payloadKb,
    retention_days: expected.retentionDays,
    agent_memory_mb: expected.agentMemoryMb,
    kafka_networks: expected.kafkaNetworks,
    dashboard_hours: expected.dashboardHours,
    statistics_reads: expected.statisticsReads,
    own_key: expected.ownKey,
    usd_per_month: { services: lines.map(({ service, usd }) => ({ service, ...usd })), total },
  };
}
