import * as z from 'zod';
import { type EndedStatus, runStatuses } from '../../../core/runs/run.ts';
import { idOf } from '../store/keys.ts';

/**
 * The stream records of an end whose deliveries must be planned. The event source filters by this pattern, so no
 * function starts for other writes. `endedRunOf` checks it again.
 */
export const endedRunPattern = {
  eventName: ['MODIFY'],
  sk: 'RUN',
  status: ['completed', 'failed', 'cancelled'] satisfies EndedStatus[],
  /** Planning removes the field, so that its own write does not trigger it again. */
  planned: false,
} as const;

/** The relevant part of a stream record, in DynamoDB JSON. */
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

/** The id of the ended run in a stream record; `null` for every other record. */
export function endedRunOf(record: unknown): string | null {
  const parsed = streamRecord.safeParse(record);
  return parsed.success ? idOf(parsed.data.dynamodb.NewImage.listed.S) : null;
}
