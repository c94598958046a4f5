import { z } from 'zod';
import { runStatus } from './run.ts';
import { isoTime } from './values.ts';

const counts = {
  runs: z.record(runStatus, z.int()),
  tokens: z.object({ input: z.int(), output: z.int(), total: z.int() }),
  cost_usd: z.number(),
};

export const statsBucket = z
  .object({
    from: isoTime,
    ...counts,
    duration_ms: z.object({ p50: z.number(), p95: z.number() }).nullable().meta({
      description: 'From start to end of the runs that ended; `null` where none did.',
    }),
  })
  .meta({ id: 'StatsBucket' });
export type WireStatsBucket = z.infer<typeof statsBucket>;

export const stats = z
  .object({
    from: isoTime,
    to: isoTime,
    bucket_seconds: z.int(),
    totals: z.object(counts),
    buckets: z.array(statsBucket),
  })
  .meta({ id: 'Stats' });
export type WireStats = z.infer<typeof stats>;

export const statsQuery = z.strictObject({
  from: isoTime.optional().meta({ description: 'Default: 24 hours before `to`.' }),
  to: isoTime.optional().meta({ description: 'Default: now.' }),
  agent: z.string().min(1).optional(),
  bucket_seconds: z.coerce.number().int().min(1).optional().meta({
    description: 'Default: a round length that makes at most 60 buckets.',
  }),
});
