import { createRoute } from '@hono/zod-openapi';
import { refuseInvalid } from '../../core/refusal.ts';
import { answerRefusal, json, refusals } from '../answers.ts';
import { stats, statsQuery, type WireStats } from '../contract/stats.ts';
import type { ManagementApp, ManagementContext } from '../management-context.ts';
import { shareAnswers } from '../share-answer.ts';
import { fromIso } from '../wire/iso-time.ts';
import { statsToWire } from '../wire/stats.ts';
import { withoutUndefined } from '../without-undefined.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** Bucket lengths that are easy to read off an axis. */
const roundBucketsMs = [
  minuteMs,
  5 * minuteMs,
  15 * minuteMs,
  hourMs,
  3 * hourMs,
  6 * hourMs,
  dayMs,
  7 * dayMs,
];

/** Maximum number of bars that fit in a chart. */
const comfortableBuckets = 60;
/** Limits the cost of one response. */
const maxBuckets = 1_000;

/** Statistics of runs over time. */
export function addStatsRoutes(app: ManagementApp, { engine }: ManagementContext): void {
  const share = shareAnswers<WireStats>(engine.clock);

  app.openapi(show, async (c) => {
    const query = c.req.valid('query');
    const to = fromIso(query.to) ?? engine.clock();
    const from = fromIso(query.from) ?? to - dayMs;
    if (from >= to)
      return answerRefusal(c, refuseInvalid([{ field: 'from', message: 'must be before "to"' }]));
    const bucketMs =
      query.bucket_seconds === undefined ? roundBucketMs(to - from) : query.bucket_seconds * 1_000;
    if ((to - from) / bucketMs > maxBuckets) {
      const message = `gives more than ${maxBuckets} buckets for this period; use a longer one`;
      return answerRefusal(c, refuseInvalid([{ field: 'bucket_seconds', message }]));
    }
    const answer = await share(JSON.stringify(query), async () => {
      const counted = { from, to, bucketMs, ...withoutUndefined({ agentName: query.agent }) };
      const [stats, queue] = await Promise.all([engine.runs.stats(counted), engine.runs.queueDepth()]);
      return statsToWire(counted, stats, queue);
    });
    return c.json(answer, 200);
  });
}

function roundBucketMs(periodMs: number): number {
  const fitting = roundBucketsMs.find((length) => periodMs / length <= comfortableBuckets);
  return fitting ?? Math.ceil(periodMs / comfortableBuckets / dayMs) * dayMs;
}

const show = createRoute({
  method: 'get',
  path: '/stats',
  operationId: 'showStats',
  tags: ['Operation'],
  summary: 'Show runs, tokens, cost, and durations by time, agent, and model, and the queue',
  description:
    'Responses to the same query are cached for one second or 20 times the computation time, whichever is longer.',
  request: { query: statsQuery },
  responses: { 200: json(stats, 'The numbers per time bucket, and their totals.'), ...refusals() },
});
