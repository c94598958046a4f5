import * as z from 'zod';
import { runStatus } from './run.ts';
import { isoTime, sumOfCosts } from './values.ts';

const counts = {
  runs: z.record(runStatus, z.int()),
  tokens: z.object({ input: z.int(), output: z.int(), total: z.int() }),
  cost_usd: sumOfCosts,
};
const durations = {
  duration_ms: z.object({ p50: z.number(), p95: z.number() }).nullable().meta({
    description: 'From start to end, for ended runs, accurate to 1%; `null` if none ended.',
  }),
};

export const statsBucket = z.object({ from: isoTime, ...counts, ...durations }).meta({ id: 'StatsBucket' });

export const agentStats = z.object({ agent: z.string(), ...counts, ...durations }).meta({ id: 'AgentStats' });
export type WireAgentStats = z.infer<typeof agentStats>;

export const modelStats = z
  .object({
    model: z
      .string()
      .meta({ description: 'The last model that the run called.', examples: ['openai/gpt-5.2'] }),
    ...counts,
    ...durations,
  })
  .meta({ id: 'ModelStats' });
export type WireModelStats = z.infer<typeof modelStats>;

const queue = z
  .object({
    queued: z.int().meta({ description: 'Runs of all agents that are queued now.' }),
    held: z.int().meta({ description: 'How many of them a pause or an exhausted budget holds back.' }),
    oldest_queued_at: isoTime
      .nullable()
      .meta({ description: 'When the oldest of those that are not held was queued.' }),
  })
  .meta({ id: 'Queue' });

export const stats = z
  .object({
    from: isoTime,
    to: isoTime,
    bucket_seconds: z.int(),
    totals: z.object(counts),
    buckets: z.array(statsBucket),
    by_agent: z.array(agentStats).meta({ description: 'Busiest first; agents without runs are omitted.' }),
    by_model: z
      .array(modelStats)
      .meta({ description: 'Most expensive first; runs without a model are omitted.' }),
    queue,
  })
  .meta({ id: 'Stats' });
export type WireStats = z.infer<typeof stats>;

export const statsQuery = z.strictObject({
  from: isoTime.optional().meta({ description: 'Default: 24 hours before `to`.' }),
  to: isoTime.optional().meta({ description: 'Default: now.' }),
  agent: z.string().min(1).optional(),
  bucket_seconds: z.coerce.number().int().min(1).optional().meta({
    description: 'Default: a round length that gives at most 60 buckets.',
  }),
});
