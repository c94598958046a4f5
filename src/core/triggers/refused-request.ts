import * as z from 'zod';
import { arrival } from './arrival.ts';
import { unstartedReasons } from './unstarted-reason.ts';

/** A request to a connector that started no run. */
export const refusedRequest = z.object({
  requestId: z.string(),
  /** Unix ms. */
  at: z.number(),
  /** `null` if no connector has the called id. */
  connectorId: z.string().nullable(),
  /** The id in the URL: a connector's, or any other text. */
  calledId: z.string(),
  reason: z.enum(unstartedReasons),
  /** The HTTP status that the sender got. */
  status: z.number(),
  /** One sentence. */
  detail: z.string(),
  /** For a repeat, the first run of the earlier request; otherwise `null`. */
  runId: z.string().nullable(),
  arrival,
});
export type RefusedRequest = Readonly<z.infer<typeof refusedRequest>>;
