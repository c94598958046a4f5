import * as z from 'zod';
import { pageOf, pageQuery } from './page.ts';
import { anyJsonObject, isoTime } from './values.ts';

/** An event that failed after all retries. */
export const wireDeadLetter = z
  .object({
    dead_letter_id: z.string(),
    at: isoTime,
    source: z.string().meta({ description: 'The step that failed.', examples: ['plan-deliveries'] }),
    reason: z.string(),
    connector_id: z.string().nullable(),
    run_id: z.string().nullable(),
    body: anyJsonObject,
  })
  .meta({ id: 'DeadLetter' });
export type WireDeadLetter = z.infer<typeof wireDeadLetter>;

export const deadLetterPage = pageOf(wireDeadLetter);

export const deadLetterListQuery = z.strictObject(pageQuery);

export const retriedDeadLetter = z.object({ dead_letter_id: z.string() }).meta({ id: 'RetriedDeadLetter' });
