import type { WireStats } from '../../src/api/contract/stats.ts';

export interface ChartPoint {
  readonly time: string;
  readonly [series: string]: string | number | null;
}

const daySeconds = 86_400;
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });

/** One point per time bucket, with a value for each series of each chart. */
export function pointsOf({ buckets, bucket_seconds, from, to }: WireStats): ChartPoint[] {
  const spansDays = Date.parse(to) - Date.parse(from) > 2 * daySeconds * 1_000;
  return buckets.map((bucket) => {
    const time = new Date(bucket.from);
    return {
      time: timeText(time, spansDays, bucket_seconds),
      ...bucket.runs,
      p50: bucket.duration_ms?.p50 ?? null,
      p95: bucket.duration_ms?.p95 ?? null,
      input: bucket.tokens.input,
      output: bucket.tokens.output,
      cost: bucket.cost_usd,
    };
  });
}

function timeText(time: Date, spansDays: boolean, bucketSeconds: number): string {
  if (!spansDays) return clock.format(time);
  return bucketSeconds >= daySeconds ? day.format(time) : `${day.format(time)}, ${clock.format(time)}`;
}
