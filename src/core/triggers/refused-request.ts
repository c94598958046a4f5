import * as z from 'zod';
import { arrival } from './arrival.ts';
import { unstartedReasons } from './unstarted-reason.ts';

/** A request to a connector that started no run. */
export const refusedRequest = z.object({
  requestId: z.string(),
  /** Unix ms. */
  at: z.number(),
  /** `null` where no connector has the id that was called. */
  connectorId: z.string().nullable(),
  /** What the URL named: a connector's id, or something else. */
  calledId: z.string(),
  reason: z.enum(unstartedReasons),
  /** The HTTP status that the sender got. */
  status: z.number(),
  /** One sentence. */
  detail: z.string(),
  /** The first run of the earlier request, for a repeat; `null` otherwise. */
  runId: z.string().nullable(),
  arrival,
});
export type RefusedRequest = Readonly<z.infer<typeof refusedRequest>>;
