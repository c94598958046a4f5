import type { SQSRecord } from 'aws-lambda';
import * as z from 'zod';
import { jsonText } from '../../store/payload-objects.ts';

const tickFields = z.object({
  connectorId: z.string(),
  /** Identifies the schedule; a tick of a schedule that the connector no longer has does not fire. */
  identity: z.string(),
  /** Unix ms; ISO 8601 in the message. */
  tickAt: z.iso.datetime().transform((text) => Date.parse(text)),
});
export type TickMessage = z.output<typeof tickFields>;

/** What a schedule sends for a tick: the body of a message of the tick queue. */
export const tickMessage = jsonText.pipe(tickFields);

const pollFields = z.object({ pollConnectorId: z.string() });

/** What a schedule sends for a connector that is polled. */
export function pollBody(connectorId: string): string {
  return JSON.stringify({ pollConnectorId: connectorId } satisfies z.infer<typeof pollFields>);
}

/** The connector that a message of the tick queue asks to poll; `null` for the message of a tick. */
export function connectorToPoll(body: string): string | null {
  return jsonText.pipe(pollFields).safeParse(body).data?.pollConnectorId ?? null;
}

/** EventBridge Scheduler replaces this with the tick's own time, the same in every attempt. */
export const scheduledTime = '<aws.scheduler.scheduled-time>';

/** The body that a schedule sends for one tick; `tickAt` is ISO 8601, or the placeholder for it. */
export function tickBody(tick: z.input<typeof tickFields>): string {
  return JSON.stringify(tick);
}

/** The tick that a body names; `null` if it names none. */
export function readTick(body: string): TickMessage | null {
  try {
    return tickMessage.parse(body);
  } catch {
    return null;
  }
}

/**
 * The body of a tick in the dead letters. A message that the function gave up is unchanged. If the scheduler itself
 * could not send, the time may be in an attribute of the message (EventBridge Scheduler user guide, "Configuring a
 * schedule's dead-letter queue").
 */
export function deadTickBody({ body, messageAttributes }: SQSRecord): string {
  const time = messageAttributes['SCHEDULED_TIME']?.stringValue;
  return time === undefined ? body : body.replace(scheduledTime, time);
}
