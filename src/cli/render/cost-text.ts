import { awsCosts } from '../../connectors/aws-costs.ts';
import { billParts, type MonthlyBill } from '../cost/monthly-bill.ts';
import type { Colours } from '../output.ts';
import { table } from '../table.ts';

/** The ways in which runs can be triggered. */
const ways = ['inbound', 'sync', 'socket', ...awsCosts.map(({ part }) => part)].join(', ');
/** What the parts of the bill mean. */
const meanings = [
  ['idle', 'cost without any runs'],
  [ways, 'cost of all runs if every one is triggered this way'],
  ['socket', 'messages of WebSocket connections; includes the idle cost of their API'],
  ['outbound', 'cost of one delivery per run'],
  ['extras', 'open dashboards, statistics, and your own KMS key'],
] as const;
const notIncluded = awsCosts.map((cost) => cost.notIncluded).join(', ');

/** A bill as a table of services, with what it includes and excludes. */
export function costText(bill: MonthlyBill, paint: Colours): string {
  const { expected, lines, total } = bill;
  const rows = lines.map(({ service, usd }) => [service, ...billParts.map((part) => dollars(usd[part]))]);
  const totals = ['Total', ...billParts.map((part) => dollars(total[part]))].map((cell) => paint.bold(cell));
  const heading = `${expected.runsPerMonth.toLocaleString('en-US')} runs per month`;
  return [
    `${paint.bold(heading)} of ${expected.agentSeconds} s in ${expected.agentMemoryMb} MB, with payloads and outputs of ${expected.payloadKb} kB, kept for ${expected.retentionDays} days. US dollars per month:`,
    '',
    table(['', ...billParts], [...rows, totals], paint),
    '',
    ...meanings.map(([part, meaning]) => `${part.padEnd(ways.length)}  ${meaning}`),
    '',
    `Prices for ${bill.region}, checked ${bill.pricesChecked}, without the free tier. Not included: models, outbound data transfer,`,
    `${notIncluded}. Lambda also bills waiting time: most of its cost is agents that wait for their models.`,
  ].join('\n');
}

function dollars(usd: number): string {
  if (usd === 0) return '-';
  return usd < 0.005 ? '< 0.01' : usd.toFixed(2);
}
