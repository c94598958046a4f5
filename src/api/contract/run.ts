import * as z from 'zod';
import { waitKinds } from '../../core/control/wait-kinds.ts';
import { longestDelaySeconds } from '../../core/runs/due-time.ts';
import { interruptionRoles, runStatuses } from '../../core/runs/run.ts';
import { logLevels, spanKinds } from '../../core/runs/trace.ts';
import { wireDelivery } from './delivery.ts';
import { pageOf, pageQuery } from './page.ts';
import { anyJson, anyJsonObject, isoTime, orNull } from './values.ts';

export const runStatus = z.enum(runStatuses).meta({ id: 'RunStatus' });

export const tokenUsage = z
  .object({
    input: z.int(),
    output: z.int(),
    total: z.int(),
    cached: z.int().meta({ description: 'Part of `input` that the provider served from its cache.' }),
    reasoning: z.int().meta({ description: 'Part of `output` that the model spent on reasoning.' }),
  })
  .meta({ id: 'TokenUsage' });

export const runError = z
  .object({
    code: z
      .string()
      .meta({ examples: ['timeout', 'tool-error', 'output-invalid', 'attempts-exhausted', 'interrupted'] }),
    message: z.string(),
  })
  .meta({ id: 'RunError' });

/** A run as lists show it. */
export const wireRunSummary = z
  .object({
    run_id: z.uuid(),
    agent_name: z.string(),
    connector_id: z.string().nullable().meta({ description: '`null` for a run started by hand.' }),
    trigger_id: z.uuid(),
    parent_run_id: z
      .uuid()
      .nullable()
      .meta({ description: 'The run that this run reruns, or that led to it.' }),
    status: runStatus,
    error: orNull(runError),
    queued_at: isoTime,
    scheduled_at: isoTime.nullable().meta({
      description: 'When the run is or was due; `null` if it did not have to wait for a time.',
    }),
    started_at: isoTime.nullable(),
    ended_at: isoTime.nullable(),
    attempts: z.int().meta({
      description:
        'Attempts so far, including the current one, but not those that something else interrupted.',
    }),
    token_usage: orNull(tokenUsage),
    cost_usd: z.number().nullable().meta({ description: '`null` if the price of the model is unknown.' }),
    model: z.string().nullable(),
  })
  .meta({ id: 'RunSummary' });
export type WireRunSummary = z.infer<typeof wireRunSummary>;

export const wireSpan = z
  .object({
    span_id: z.string(),
    parent_span_id: z.string().nullable(),
    name: z.string(),
    kind: z.enum(spanKinds),
    started_at: isoTime,
    ended_at: isoTime.nullable().meta({ description: '`null` while the step is running.' }),
    duration_ms: z.int().nullable(),
    status: z.enum(['running', 'ok', 'error']),
    error: z.string().nullable(),
    attributes: anyJsonObject.meta({
      description: 'Named by the OpenTelemetry semantic conventions for generative AI.',
    }),
  })
  .meta({ id: 'Span' });
export type WireSpan = z.infer<typeof wireSpan>;

export const wireLogLine = z
  .object({ at: isoTime, level: z.enum(logLevels), source: z.string(), message: z.string() })
  .meta({ id: 'LogLine' });
export type WireLogLine = z.infer<typeof wireLogLine>;

export const wireInterruption = z
  .object({
    at: isoTime,
    role: z.enum(interruptionRoles).meta({
      description:
        '`culprit`: the run crashed its worker, which counts as an attempt. `suspect`: the run was one of several in a ' +
        'worker that crashed. `bystander`: something else ended the attempt.',
    }),
    reason: z.string(),
  })
  .meta({ id: 'Interruption' });

export const wireWait = z
  .object({
    kind: z.enum(waitKinds).meta({
      description: '`hold`: a pause or something else keeps it back; `limit`: a concurrency limit.',
    }),
    reason: z.string(),
    since: isoTime.nullable().meta({ description: 'Since when the hold exists.' }),
  })
  .meta({ id: 'Wait' });

/** A run with its trace and its deliveries. */
export const wireRun = wireRunSummary
  .extend({
    payload: anyJson,
    model_input: z.string().nullable().meta({
      description: 'The prompt of a schedule, which the model got instead of the payload; `null` otherwise.',
    }),
    output: z.string().nullable(),
    context: anyJsonObject.meta({ description: 'Set by the connector and middleware.' }),
    warnings: z.array(z.string()),
    waits_for: orNull(wireWait).meta({
      description: 'Why it does not start, while it is queued; `null` if it only waits for its turn.',
    }),
    cancel_requested: z.boolean(),
    publish_outbound: z.boolean().meta({
      description: '`false` if the code of the agent ended the run so that its result is not delivered.',
    }),
    depth: z.int().meta({ description: 'How many runs led to this one, each to the next.' }),
    chain: z.array(z.uuid()).meta({ description: 'Those runs, first one first.' }),
    interruptions: z.array(wireInterruption).meta({ description: 'Interrupted attempts, oldest first.' }),
    spans: z.array(wireSpan),
    logs: z.array(wireLogLine),
    deliveries: z.array(wireDelivery),
  })
  .meta({ id: 'Run' });
export type WireRun = z.infer<typeof wireRun>;

export const runPage = pageOf(wireRunSummary);

const oneStatus = runStatuses.join('|');

export const runListQuery = z.strictObject({
  ...pageQuery,
  status: z
    .string()
    .transform((list) => list.split(','))
    .pipe(z.array(runStatus))
    .optional()
    .meta({
      type: 'string',
      pattern: `^(${oneStatus})(,(${oneStatus}))*$`,
      description: 'One or more statuses, separated by commas.',
      examples: ['queued,running'],
    }),
  agent: z.string().min(1).optional(),
  connector: z.string().min(1).optional(),
  model: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .meta({
      description: 'Runs whose last model call used this model, as in `provider/model`.',
      examples: ['openai/gpt-5'],
    }),
  min_duration_ms: z.coerce.number().int().min(0).optional().meta({
    type: 'integer',
    description: 'Ended runs that took at least this many milliseconds from start to end.',
  }),
  from: isoTime.optional().meta({ description: 'Queued at or after this time.' }),
  to: isoTime.optional().meta({ description: 'Queued before this time.' }),
  q: z.string().min(1).max(200).optional().meta({
    description:
      'The id of a run, a trigger, or a delivery; text in payload, output, or error; or `key=value` in the context.',
  }),
});
export type RunListQuery = z.input<typeof runListQuery>;

const when = {
  at: isoTime.optional().meta({ description: 'When the run is due: at most 366 days from now.' }),
  delay_seconds: z
    .int()
    .min(0)
    .optional()
    .meta({
      description: `Seconds until the run is due: at most ${longestDelaySeconds}, which is 366 days. 0 means now.`,
    }),
};

export const startRunBody = z.strictObject({ payload: anyJson, ...when }).meta({ id: 'StartRun' });

export const rescheduleBody = z
  .strictObject(when)
  .refine(({ at, delay_seconds }) => at !== undefined || delay_seconds !== undefined, {
    error: 'at or delay_seconds is required',
  })
  .meta({ id: 'RescheduleRun' });
export type RescheduleBody = z.input<typeof rescheduleBody>;

export const rescheduledRun = z
  .object({ run_id: z.uuid(), scheduled_at: isoTime })
  .meta({ id: 'RescheduledRun' });
export type RescheduledRun = z.infer<typeof rescheduledRun>;

export const runAgainBody = z
  .strictObject({
    payload: anyJson.optional().meta({ description: 'The changed payload. Default: the same payload.' }),
  })
  .meta({ id: 'RunAgain' });

export const startedRun = z
  .object({
    run_id: z.uuid(),
    scheduled_at: isoTime.optional().meta({ description: 'When the run is due; absent if it is queued.' }),
  })
  .meta({ id: 'StartedRun' });
export type StartedRun = z.infer<typeof startedRun>;

export const cancelledRun = z
  .object({
    run_id: z.uuid(),
    status: z.enum(['cancelled', 'cancelling']).meta({
      description: '`cancelling`: the run ends at its next await.',
    }),
  })
  .meta({ id: 'CancelledRun' });
export type CancelledRun = z.infer<typeof cancelledRun>;
