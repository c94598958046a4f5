import { billParts, type MonthlyBill } from '../cost/monthly-bill.ts';
import type { Colours } from '../output.ts';
import { table } from '../table.ts';

/** A bill as a table of services, and what it does and does not hold. */
export function costText(bill: MonthlyBill, paint: Colours): string {
  const { expected, lines, total } = bill;
  const rows = lines.map(({ service, usd }) => [service, ...billParts.map((part) => dollars(usd[part]))]);
  const totals = ['Total', ...billParts.map((part) => dollars(total[part]))].map((cell) => paint.bold(cell));
  const heading = `${expected.runsPerMonth.toLocaleString('en-US')} runs a month`;
  return [
    `${paint.bold(heading)}, agents of ${expected.agentSeconds} s in ${expected.agentMemoryMb} MB, payloads and outputs of ${expected.payloadKb} kB, kept ${expected.retentionDays} days. US dollars a month:`,
    '',
    table(['', ...billParts], [...rows, totals], paint),
    '',
    'idle      is due in any case.',
    'inbound,  sync and kafka: what all of these runs cost if they come that way.',
    'outbound  is one delivery for each of them.',
    'extras    are open dashboards, statistics that are read, and a key of your own.',
    '',
    `Prices of ${bill.region}, checked ${bill.pricesChecked}. Free amounts are not taken off. Not in it: models, traffic out of AWS,`,
    'the Kafka cluster. Lambda bills waiting too: most of its part is agents that wait for their models.',
  ].join('\n');
}

function dollars(usd: number): string {
  if (usd === 0) return '-';
  return usd < 0.005 ? '< 0.01' : usd.toFixed(2);
}
