import { awsCosts } from '../../connectors/aws-costs.ts';
import { awsPrices, priceList, type Usage } from './aws-prices.ts';
import {
  budgetedCall,
  delivery,
  filteredEvent,
  holding,
  idleMonth,
  inboundRun,
  mappedRun,
  openDashboards,
  ownKey,
  polledQueues,
  pollers,
  queueMessage,
  type RunShape,
  scheduling,
  socketApi,
  socketRun,
  statisticsRead,
  sum,
  syncRun,
  times,
} from './usage.ts';

type MappedCost = (typeof awsCosts)[number];

/** Counts of the standing resources that single connector types need. */
type StandingCounts = { readonly [name in MappedCost['standing']['count']]: number };

/** Input of the estimate. */
export interface ExpectedMonth extends RunShape, StandingCounts {
  readonly runsPerMonth: number;
  /** Hours for which dashboard tabs are open and visible, summed over all tabs. */
  readonly dashboardHours: number;
  /** How many of the runs are scheduled for later. */
  readonly scheduledRuns: number;
  /** How many of the runs wait for a pause or a budget. */
  readonly heldRuns: number;
  /** Events that a filter keeps from starting runs. */
  readonly filteredEvents: number;
  /** Calls of models, once for each budget that counts the call. */
  readonly budgetedCalls: number;
  /** How often the month's statistics are read. */
  readonly statisticsReads: number;
  /** Whether everything is encrypted with a customer managed key. */
  readonly ownKey: boolean;
}

/** The parts of a bill: idle cost, the runs by the way they are triggered, their deliveries, and extras. */
export const billParts = [
  'idle',
  'inbound',
  'sync',
  'socket',
  ...awsCosts.map(({ part }) => part),
  'outbound',
  'extras',
] as const;
type BillPart = (typeof billParts)[number];

/** US dollars per month. */
export interface BillLine {
  readonly service: string;
  readonly usd: Readonly<Record<BillPart, number>>;
}

export interface MonthlyBill {
  readonly region: string;
  readonly pricesChecked: string;
  readonly expected: ExpectedMonth;
  readonly lines: readonly BillLine[];
  readonly total: Readonly<Record<BillPart, number>>;
}

/**
 * The monthly bill by service. Each part stands alone: `inbound`, `sync`, `socket` and those of connector types are the
 * cost of all runs if triggered that way, `outbound` is one delivery per run, `idle` is due in any case, and `extras` are open
 * dashboards, statistics, a key, and what filters, budgets, pauses, and later times add.
 */
export function monthlyBill(expected: ExpectedMonth): MonthlyBill {
  const services = [...new Set(Object.values(awsPrices).map(({ service }) => service))];
  const lines = services.map((service) => ({ service, usd: dollars(expected, service) }));
  return {
    region: priceList.region,
    pricesChecked: priceList.checked,
    expected,
    lines,
    total: dollars(expected, null),
  };
}

function usageOf(part: BillPart, expected: ExpectedMonth): Usage {
  const month = (each: Usage) => times(each, expected.runsPerMonth);
  switch (part) {
    case 'idle':
      return idleMonth();
    case 'inbound':
      return month(inboundRun(expected));
    case 'sync':
      return month(syncRun(expected));
    case 'socket':
      return expected.runsPerMonth === 0 ? {} : sum(month(socketRun(expected)), socketApi());
    case 'outbound':
      return month(delivery(expected));
    case 'extras':
      return extrasOf(expected);
    default:
      return expected.runsPerMonth === 0 ? {} : mappedUsage(part, expected);
  }
}

/** All runs if a type's event source mappings trigger them, with the cost of keeping these mappings all month. */
function mappedUsage(part: MappedCost['part'], expected: ExpectedMonth): Usage {
  const usages = awsCosts
    .filter((cost) => cost.part === part)
    .map(({ queueMessages, standing: { pollers: each, polledQueues: queues, count } }) =>
      sum(
        times(sum(mappedRun(expected), times(queueMessage, queueMessages)), expected.runsPerMonth),
        pollers(each * expected[count]),
        polledQueues(queues * expected[count]),
      ),
    );
  return sum(...usages);
}

function extrasOf(expected: ExpectedMonth): Usage {
  return sum(
    openDashboards(expected.dashboardHours),
    times(statisticsRead(expected.runsPerMonth), expected.statisticsReads),
    times(scheduling(expected), expected.scheduledRuns),
    times(holding(expected), expected.heldRuns),
    times(filteredEvent(expected), expected.filteredEvents),
    times(budgetedCall, expected.budgetedCalls),
    expected.ownKey ? ownKey() : {},
  );
}

/** Dollars of each part, for one service or for all. */
function dollars(expected: ExpectedMonth, service: string | null): BillLine['usd'] {
  const usd = billParts.map((part) => [part, priceOf(usageOf(part, expected), service)]);
  // `fromEntries` loses the names of the parts.
  return Object.fromEntries(usd) as BillLine['usd'];
}

function priceOf(usage: Usage, only: string | null): number {
  const amounts: Readonly<Record<string, number>> = usage;
  const billed = Object.entries(awsPrices).filter(([, { service }]) => only === null || service === only);
  return billed.reduce((total, [name, { usd, per }]) => total + ((amounts[name] ?? 0) * usd) / per, 0);
}
