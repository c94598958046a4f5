import * as z from 'zod';
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

/** One accepted event, with the runs that it started. */
export const wireTrigger = z
  .object({
    trigger_id: z.uuid(),
    connector_id: z.string().nullable().meta({ description: '`null` for a run started by hand.' }),
    received_at: isoTime,
    request: orNull(wireArrival).meta({ description: '`null` for an event that arrived in another way.' }),
    payload: anyJson,
    model_input: z.string().nullable(),
    warnings: z.array(z.string()),
    outcome: z.literal('accepted').meta({ description: 'What became of the event.' }),
    reason: z.string().nullable().meta({ description: '`null` for an accepted event.' }),
    run_ids: z.array(z.uuid()).meta({ description: 'In link order.' }),
    runs: z.array(wireRunSummary).meta({ description: 'In link order.' }),
    repeats: z.array(wireRefusedRequest).meta({
      description:
        'Requests of the last day that repeated this one, newest first, as far as they were recorded.',
    }),
  })
  .meta({ id: 'Trigger' });
export type WireTrigger = z.infer<typeof wireTrigger>;
