import * as z from 'zod';
import { runStatus } from './run.ts';
import { isoTime } from './values.ts';

const counts = {
  runs: z.record(runStatus, z.int()),
  tokens: z.object({ input: z.int(), output: z.int(), total: z.int() }),
  cost_usd: z.number(),
};
const durations = {
  duration_ms: z.object({ p50: z.number(), p95: z.number() }).nullable().meta({
    description: 'From start to end of the runs that ended, exact to 1 %; `null` where none did.',
  }),
};

export const statsBucket = z.object({ from: isoTime, ...counts, ...durations }).meta({ id: 'StatsBucket' });

export const agentStats = z.object({ agent: z.string(), ...counts, ...durations }).meta({ id: 'AgentStats' });
export type WireAgentStats = z.infer<typeof agentStats>;

export const modelStats = z
  .object({
    model: z
      .string()
      .meta({ description: 'The one that the run called last.', examples: ['openai/gpt-5.2'] }),
    ...counts,
    ...durations,
  })
  .meta({ id: 'ModelStats' });
export type WireModelStats = z.infer<typeof modelStats>;

const queue = z
  .object({
    queued: z.int().meta({ description: 'Runs that wait now, of all agents.' }),
    oldest_queued_at: isoTime.nullable().meta({ description: 'Since when the oldest of them waits.' }),
  })
  .meta({ id: 'Queue' });

export const stats = z
  .object({
    from: isoTime,
    to: isoTime,
    bucket_seconds: z.int(),
    totals: z.object(counts),
    buckets: z.array(statsBucket),
    by_agent: z
      .array(agentStats)
      .meta({ description: 'The busiest first; agents without a run are left out.' }),
    by_model: z
      .array(modelStats)
      .meta({ description: 'The dearest first; runs without a model are left out.' }),
    queue,
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
