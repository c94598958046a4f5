import * as z from 'zod';
import { triggerOutcomes } from '../../core/triggers/trigger-outcome.ts';
import { unstartedReasons } from '../../core/triggers/unstarted-reason.ts';
import { pageOf, pageQuery } from './page.ts';
import { wireRunSummary } from './run.ts';
import { anyJson, isoTime, orNull } from './values.ts';

/** A request that a connector received, without its body. */
export const wireArrival = z
  .object({
    method: z.string(),
    query: z.string().meta({ description: 'The query of the URL. Secrets are `[redacted]`.' }),
    headers: z.record(z.string(), z.string()).meta({
      description:
        'By lower-case name, at most 30, of 200 characters each. Credentials are `[redacted]`; headers of the connection are left out.',
    }),
    sender: z.string().nullable().meta({ description: 'Address of the sender, or of the last proxy.' }),
    body_bytes: z.int().nullable().meta({ description: '`null` if the request did not state its length.' }),
  })
  .meta({ id: 'ReceivedRequest' });
export type WireArrival = z.infer<typeof wireArrival>;

export const unstartedReason = z.enum(unstartedReasons).meta({ id: 'RefusedReason' });

/** A request to a connector that started no run. */
export const wireRefusedRequest = z
  .object({
    request_id: z.uuid(),
    at: isoTime,
    connector_id: z.string().nullable().meta({ description: '`null` if no connector has the called id.' }),
    called_id: z.string().meta({ description: 'The id in the called URL.' }),
    reason: unstartedReason,
    status: z.int().meta({ description: 'The HTTP status that the sender got.' }),
    detail: z.string(),
    run_id: z
      .uuid()
      .nullable()
      .meta({ description: 'For `repeated`: the first run of the earlier request.' }),
    request: wireArrival,
  })
  .meta({ id: 'RefusedRequest' });
export type WireRefusedRequest = z.infer<typeof wireRefusedRequest>;

export const refusedRequestPage = pageOf(wireRefusedRequest);

export const refusedRequestQuery = z.strictObject({ ...pageQuery, connector: z.string().min(1).optional() });
export type RefusedRequestListQuery = z.input<typeof refusedRequestQuery>;

const triggerOutcome = z.enum(triggerOutcomes).meta({
  id: 'TriggerOutcome',
  description:
    '`accepted`: it started runs; `filtered`: no linked agent wanted it; `refused`: its request was refused.',
});

const outcomeFields = {
  outcome: triggerOutcome,
  reason: z.string().nullable().meta({
    description: 'Why it was filtered or refused; `null` for an accepted event.',
  }),
  run_ids: z.array(z.uuid()).meta({ description: 'In link order.' }),
  sent_through_at: isoTime.nullable().meta({
    description: 'When somebody sent a filtered event through; else `null`.',
  }),
};

/** A trigger as lists show it. */
export const wireTriggerSummary = z
  .object({
    trigger_id: z.uuid().meta({ description: 'Of a refused request: its own id.' }),
    connector_id: z.string().nullable().meta({ description: '`null` for a run started by hand.' }),
    received_at: isoTime,
    ...outcomeFields,
  })
  .meta({ id: 'TriggerSummary' });
export type WireTriggerSummary = z.infer<typeof wireTriggerSummary>;

export const triggerPage = pageOf(wireTriggerSummary);

export const triggerListQuery = z.strictObject({
  ...pageQuery,
  outcome: triggerOutcome.optional(),
  connector: z.string().min(1).optional(),
  from: isoTime.optional().meta({ description: 'Received at or after this time.' }),
  to: isoTime.optional().meta({ description: 'Received before this time.' }),
  q: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .meta({
      description:
        'The id of a trigger; text in its payload, or in the headers and the reason of a refused request; or `key=value` in the ' +
        'context.',
    }),
});
export type TriggerListQuery = z.input<typeof triggerListQuery>;

/** What was started of a filtered trigger. */
export const sentThrough = z.object({ run_ids: z.array(z.uuid()) }).meta({ id: 'SentThrough' });
export type SentThrough = z.infer<typeof sentThrough>;

/** One event, with the runs that it started, or a refused request. */
export const wireTrigger = z
  .object({
    trigger_id: z.uuid(),
    connector_id: z.string().nullable().meta({ description: '`null` for a run started by hand.' }),
    received_at: isoTime,
    request: orNull(wireArrival).meta({ description: '`null` for an event that arrived in another way.' }),
    payload: anyJson.meta({ description: '`null` for a refused request: its body is not kept.' }),
    model_input: z.string().nullable(),
    warnings: z.array(z.string()),
    ...outcomeFields,
    runs: z.array(wireRunSummary).meta({ description: 'In link order.' }),
    repeats: z.array(wireRefusedRequest).meta({
      description:
        'Requests of the last day that repeated this one, newest first, as far as they were recorded.',
    }),
  })
  .meta({ id: 'Trigger' });
export type WireTrigger = z.infer<typeof wireTrigger>;
