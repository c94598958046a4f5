import type { SQSRecord } from 'aws-lambda';
import * as z from 'zod';
import { jsonText } from '../../store/payload-objects.ts';

const tickFields = z.object({
  connectorId: z.string(),
  /** Of the schedule that fires: one that the connector no longer has brings nothing. */
  identity: z.string(),
  /** Unix ms; ISO 8601 in the message. */
  tickAt: z.iso.datetime().transform((text) => Date.parse(text)),
});
export type TickMessage = z.output<typeof tickFields>;

/** What a schedule sends when it comes: the body of a message of the tick queue. */
export const tickMessage = jsonText.pipe(tickFields);

const pollFields = z.object({ pollConnectorId: z.string() });

/** What a schedule sends for a connector that is to be polled. */
export function pollBody(connectorId: string): string {
  return JSON.stringify({ pollConnectorId: connectorId } satisfies z.infer<typeof pollFields>);
}

/** The connector that a message of the tick queue wants polled; `null` for the message of a tick. */
export function connectorToPoll(body: string): string | null {
  return jsonText.pipe(pollFields).safeParse(body).data?.pollConnectorId ?? null;
}

/** EventBridge Scheduler puts the tick's own time in its place, the same in every attempt. */
export const scheduledTime = '<aws.scheduler.scheduled-time>';

/** The body that a schedule sends for one tick; `tickAt` is ISO 8601, or what the platform replaces by it. */
export function tickBody(tick: z.input<typeof tickFields>): string {
  return JSON.stringify(tick);
}

/** The tick that a body names; `null` where it names none. */
export function readTick(body: string): TickMessage | null {
  try {
    return tickMessage.parse(body);
  } catch {
    return null;
  }
}

/**
 * The body of a tick that ended in the dead letters. The function's own come as they were sent; where the scheduler
 * could not send at all, the time may stand in an attribute of the message instead
 * (EventBridge Scheduler user guide, "Configuring a schedule's dead-letter queue").
 */
export function deadTickBody({ body, messageAttributes }: SQSRecord): string {
  const time = messageAttributes['SCHEDULED_TIME']?.stringValue;
  return time === undefined ? body : body.replace(scheduledTime, time);
}
