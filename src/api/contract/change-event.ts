import * as z from 'zod';
import { anyJsonObject } from './values.ts';

/** The `data` of a server-sent event of `GET /events`; its `event` is the same as `type`. */
export const wireChangeEvent = z
  .object({
    type: z.enum(['run.updated', 'delivery.updated', 'connector.updated']),
    id: z.string().meta({ description: 'The id of the run, delivery, or connector.' }),
    summary: anyJsonObject.meta({ description: 'The fields that a list needs to update its row.' }),
  })
  .meta({ id: 'ChangeEvent' });
export type WireChangeEvent = z.infer<typeof wireChangeEvent>;
