import type { WireStats } from '../../src/api/contract/stats.ts';
import type { TimeZone } from '../format/time-zone.ts';

export interface ChartPoint {
  readonly time: string;
  readonly [series: string]: string | number | null;
}

const daySeconds = 86_400;
const clockShape = { hour: '2-digit', minute: '2-digit' } as const;
const dayShape = { day: 'numeric', month: 'short' } as const;

/** One point per time bucket, with a value for each series of each chart. */
export function pointsOf({ buckets, bucket_seconds, from, to }: WireStats, zone: TimeZone): ChartPoint[] {
  const shape = zone === 'utc' ? { timeZone: 'UTC' } : {};
  const clock = new Intl.DateTimeFormat('en-GB', { ...clockShape, ...shape });
  const day = new Intl.DateTimeFormat('en-GB', { ...dayShape, ...shape });
  const timeText = (time: Date): string => {
    if (!spansDays) return clock.format(time);
    return bucket_seconds >= daySeconds ? day.format(time) : `${day.format(time)}, ${clock.format(time)}`;
  };
  const spansDays = Date.parse(to) - Date.parse(from) > 2 * daySeconds * 1_000;
  return buckets.map((bucket) => {
    const time = new Date(bucket.from);
    return {
      time: timeText(time),
      ...bucket.runs,
      p50: bucket.duration_ms?.p50 ?? null,
      p95: bucket.duration_ms?.p95 ?? null,
      input: bucket.tokens.input,
      output: bucket.tokens.output,
      cost: bucket.cost_usd ?? 0,
    };
  });
}
