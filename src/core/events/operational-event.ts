import * as z from 'zod';

/** What the system reports about itself to outbound connectors that subscribe to it. */
export const operationalEventTypes = [
  'run.failed',
  'delivery.failed',
  'connector.failing',
  'connector.disabled',
  'source.failing',
  'budget.warning',
  'budget.reached',
  'dead-letter.created',
  'tick.missed',
] as const;
export type OperationalEventType = (typeof operationalEventTypes)[number];

/** Something that happened in the system. Receivers get it in this form. */
export const operationalEvent = z.object({
  event_id: z.string(),
  type: z.enum(operationalEventTypes),
  /** ISO 8601. */
  occurred_at: z.string(),
  /** One sentence, never a secret. */
  summary: z.string(),
  connector_id: z.string().nullable(),
  agent_name: z.string().nullable(),
  run_id: z.string().nullable(),
  delivery_id: z.string().nullable(),
});
export type OperationalEvent = Readonly<z.infer<typeof operationalEvent>>;

/** What an event is about. */
export type EventSubject = Partial<
  Pick<OperationalEvent, 'connector_id' | 'agent_name' | 'run_id' | 'delivery_id'>
>;

/** The link of each subscriber to an event type, next to its links to agents: no agent name has a colon. */
export function eventLink(type: OperationalEventType): string {
  return `event:${type}`;
}

/** Stands for the agent in deliveries of events: its name has a character that agents' names lack. */
export const eventSender = 'operational events';
