import '@mantine/charts/styles.css';
import { BarChart, LineChart } from '@mantine/charts';
import type { WireStats } from '../../src/api/contract/stats.ts';
import { durationText } from '../format/duration.ts';
import { costText, shortCountText } from '../format/numbers.ts';
import { useTimeZone } from '../format/time-zone.ts';
import { Section } from '../parts/section.tsx';
import { pointsOf } from './chart-points.ts';
import classes from './charts.module.css';

const runSeries = [
  { name: 'completed', color: 'var(--good)' },
  { name: 'failed', color: 'var(--bad)' },
  { name: 'cancelled', color: 'var(--warn)' },
  { name: 'running', color: 'var(--busy)' },
  { name: 'queued', color: 'var(--idle)' },
  { name: 'scheduled', color: 'var(--accent)' },
];
const durationSeries = [
  { name: 'p50', color: 'var(--accent)' },
  { name: 'p95', color: 'var(--warn)' },
];
const costSeries = [{ name: 'cost', color: 'var(--accent)' }];
const shape = {
  h: 190,
  dataKey: 'time',
  withLegend: true,
  // In the order of the series, instead of the alphabet's.
  legendProps: { itemSorter: null },
  gridAxis: 'x',
  tickLine: 'none',
  xAxisProps: { interval: 'equidistantPreserveStart' },
} as const;
/** For runs and tokens: half of one does not exist. */
const counts = { ...shape, yAxisProps: { allowDecimals: false } } as const;

/** Runs, usage, and durations over time. */
export default function Charts({ stats }: { stats: WireStats }) {
  const points = pointsOf(stats, useTimeZone());
  return (
    <>
      <Section title="Runs">
        <BarChart
          {...counts}
          data={points}
          type="stacked"
          series={runSeries}
          valueFormatter={shortCountText}
        />
      </Section>
      <div className={classes.charts}>
        <Section title="Duration">
          <LineChart
            {...shape}
            data={points}
            series={durationSeries}
            valueFormatter={durationText}
            curveType="monotone"
            dotProps={{ r: 2 }}
            connectNulls
          />
        </Section>
        <Section title="Tokens">
          <BarChart
            {...counts}
            data={points}
            type="stacked"
            series={[
              { name: 'input', color: 'var(--accent)' },
              { name: 'output', color: 'var(--busy)' },
            ]}
            valueFormatter={shortCountText}
          />
        </Section>
        {(stats.totals.cost_usd ?? 0) > 0 && (
          <Section title="Cost">
            <BarChart {...shape} data={points} series={costSeries} valueFormatter={costText} />
          </Section>
        )}
      </div>
    </>
  );
}
