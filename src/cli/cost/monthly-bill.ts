import { awsPrices, priceList, type Usage } from './aws-prices.ts';
import {
  delivery,
  idleMonth,
  inboundRun,
  kafkaPollers,
  kafkaRun,
  openDashboards,
  ownKey,
  type RunShape,
  statisticsRead,
  sum,
  syncRun,
  times,
} from './usage.ts';

/** What the bill is asked for. */
export interface ExpectedMonth extends RunShape {
  readonly runsPerMonth: number;
  /** From which event sources of Kafka read. */
  readonly kafkaNetworks: number;
  /** For which tabs of the dashboard are open and visible, all of them together. */
  readonly dashboardHours: number;
  /** How often somebody asks for the statistics of the month. */
  readonly statisticsReads: number;
  /** Whether all is encrypted with a key of the customer's. */
  readonly ownKey: boolean;
}

/** The parts of a bill: what stands there anyhow, what runs cost by the way in which they come, their deliveries, and what is asked for beside. */
export const billParts = ['idle', 'inbound', 'sync', 'kafka', 'outbound', 'extras'] as const;
export type BillPart = (typeof billParts)[number];

/** US dollars a month. */
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
 * The bill of a month by service. Each part stands for itself: `inbound`, `sync` and `kafka` are what all runs cost if
 * they come that way, `outbound` is one delivery for each, and `idle` is due in any case; `extras` are open dashboards,
 * statistics and a key.
 */
export function monthlyBill(expected: ExpectedMonth): MonthlyBill {
  const usages = usagesOf(expected);
  const services = [...new Set(Object.values(awsPrices).map(({ service }) => service))];
  const lines = services.map((service) => ({ service, usd: dollars(usages, service) }));
  return {
    region: priceList.region,
    pricesChecked: priceList.checked,
    expected,
    lines,
    total: dollars(usages, null),
  };
}

function usagesOf(expected: ExpectedMonth): Readonly<Record<BillPart, Usage>> {
  const { runsPerMonth, kafkaNetworks, ...shape } = expected;
  const month = (each: Usage) => times(each, runsPerMonth);
  return {
    idle: idleMonth(),
    inbound: month(inboundRun(shape)),
    sync: month(syncRun(shape)),
    kafka: runsPerMonth === 0 ? {} : sum(month(kafkaRun(shape)), kafkaPollers(kafkaNetworks)),
    outbound: month(delivery(shape)),
    extras: extrasOf(expected),
  };
}

function extrasOf({ runsPerMonth, dashboardHours, statisticsReads, ownKey: hasKey }: ExpectedMonth): Usage {
  const statistics = times(statisticsRead(runsPerMonth), statisticsReads);
  return sum(openDashboards(dashboardHours), statistics, hasKey ? ownKey() : {});
}

/** Dollars of each part, for one service or for all. */
function dollars(usages: Readonly<Record<BillPart, Usage>>, service: string | null): BillLine['usd'] {
  const usd = (part: BillPart) => priceOf(usages[part], service);
  return {
    idle: usd('idle'),
    inbound: usd('inbound'),
    sync: usd('sync'),
    kafka: usd('kafka'),
    outbound: usd('outbound'),
    extras: usd('extras'),
  };
}

function priceOf(usage: Usage, only: string | null): number {
  const amounts: Readonly<Record<string, number>> = usage;
  const billed = Object.entries(awsPrices).filter(([, { service }]) => only === null || service === only);
  return billed.reduce((total, [name, { usd, per }]) => total + ((amounts[name] ?? 0) * usd) / per, 0);
}
