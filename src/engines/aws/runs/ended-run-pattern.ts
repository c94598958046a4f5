import * as z from 'zod';
import { type EndedStatus, runStatuses } from '../../../core/runs/run.ts';
import { idOf } from '../store/keys.ts';

/**
 * Which records of the table's stream tell of an end whose deliveries are to be planned. The event source filters by
 * it, so that no function starts for any other write, and `endedRunOf` checks the same again.
 */
export const endedRunPattern = {
  eventName: ['MODIFY'],
  sk: 'RUN',
  status: ['completed', 'failed', 'cancelled'] satisfies EndedStatus[],
  /** Planning removes it: its own write is no reason to plan again. */
  planned: false,
} as const;

/** The part of a stream record that is looked at, in DynamoDB's own JSON. */
const streamRecord = z.object({
  eventName: z.literal(endedRunPattern.eventName),
  dynamodb: z.object({
    NewImage: z.object({
      sk: z.object({ S: z.literal(endedRunPattern.sk) }),
      status: z.object({ S: z.enum(runStatuses).extract(endedRunPattern.status) }),
      planned: z.object({ BOOL: z.literal(endedRunPattern.planned) }),
      listed: z.object({ S: z.string() }),
    }),
  }),
});

/** The id of the run whose end a stream record tells of; `null` for every other record. */
export function endedRunOf(record: unknown): string | null {
  const parsed = streamRecord.safeParse(record);
  return parsed.success ? idOf(parsed.data.dynamodb.NewImage.listed.S) : null;
}
