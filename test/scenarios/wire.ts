import * as z from 'zod';

/**
 * The public interface as the specification writes it, read a second time and apart from the product's own schemas: a
 * renamed or retyped field fails here.
 */
const time = z.iso.datetime();

/** An agent of a connector, with or without a condition: its name. */
const link = z.union([
  z.string(),
  z.object({ name: z.string(), when: z.string() }).transform(({ name }) => name),
]);

export const connector = z.looseObject({
  id: z.uuid(),
  name: z.string(),
  type: z.string(),
  mode: z.enum(['inbound', 'sync', 'outbound']),
  config: z.record(z.string(), z.json()),
  agents: z.array(link),
  enabled: z.boolean(),
  created_at: time,
});

/** The answer to the creation, which alone shows the secret. */
export const createdConnector = connector.extend({ secret: z.string().min(16), url: z.url().nullish() });

const error = z.object({ message: z.string(), code: z.string() });

export const runSummary = z.looseObject({
  run_id: z.uuid(),
  agent_name: z.string(),
  connector_id: z.uuid().nullable(),
  trigger_id: z.uuid(),
  parent_run_id: z.uuid().nullable(),
  status: z.enum(['scheduled', 'queued', 'running', 'completed', 'failed', 'cancelled']),
  error: error.nullable(),
  queued_at: time,
  started_at: time.nullable(),
  ended_at: time.nullable(),
  attempts: z.int(),
});

export const attempt = z.object({
  at: time,
  duration_ms: z.number(),
  status_code: z.int().nullable(),
  error: z.string().nullable(),
  response_excerpt: z.string().nullable(),
});

export const delivery = z.looseObject({
  delivery_id: z.uuid(),
  run_id: z.uuid(),
  connector_id: z.uuid(),
  status: z.enum(['pending', 'held', 'delivered', 'failed', 'cancelled']),
  reason: z.string().nullable(),
  attempts: z.array(attempt),
  next_attempt_at: time.nullable(),
});
export type Delivery = z.infer<typeof delivery>;

const span = z.looseObject({
  kind: z.string(),
  name: z.string(),
  status: z.string(),
  started_at: time,
  ended_at: time.nullable(),
});

export const run = runSummary.extend({
  payload: z.unknown(),
  output: z.string().nullable(),
  context: z.record(z.string(), z.json()),
  warnings: z.array(z.string()),
  interruptions: z.array(
    z.strictObject({ at: time, role: z.enum(['culprit', 'suspect', 'bystander']), reason: z.string() }),
  ),
  spans: z.array(span),
  logs: z.array(z.looseObject({ level: z.string(), source: z.string(), message: z.string(), at: time })),
  deliveries: z.array(delivery),
});
export type Run = z.infer<typeof run>;

/** The only shape in which a list answers. */
export function listOf<Item extends z.ZodType>(item: Item) {
  return z.strictObject({ items: z.array(item), next_cursor: z.string().nullable() });
}

/** The only shape of an error, whatever its status. */
export const refusal = z.looseObject({
  detail: z.string().regex(/^[A-Z"].*[.!]$/s),
  code: z.string().regex(/^[a-z]+(-[a-z]+)*$/),
});

export const inboundAnswer = z.strictObject({
  status: z.literal('ok'),
  dispatched_to: z.int(),
  run_ids: z.array(z.uuid()),
});

export const runResult = z.strictObject({
  run_id: z.uuid(),
  agent_name: z.string(),
  status: z.string(),
  output: z.string().nullable(),
  error: z.string().nullable(),
});

export const syncAnswer = z.strictObject({
  status: z.enum(['ok', 'timeout', 'paused', 'held']),
  result: runResult,
  results: z.array(runResult).optional(),
});

/** The body of every outbound request. */
export const runEnvelope = z.strictObject({
  run_id: z.uuid(),
  agent_name: z.string(),
  status: z.enum(['completed', 'failed', 'cancelled']),
  output: z.string().nullable(),
  error: z.string().nullable(),
  started_at: time.nullable(),
  ended_at: time,
  token_usage: z.strictObject({
    input_tokens: z.int(),
    output_tokens: z.int(),
    total_tokens: z.int(),
  }),
});
