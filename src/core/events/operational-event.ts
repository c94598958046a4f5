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
export interface OperationalEvent {
  readonly event_id: string;
  readonly type: OperationalEventType;
  /** ISO 8601. */
  readonly occurred_at: string;
  /** One sentence, never a secret. */
  readonly summary: string;
  readonly connector_id: string | null;
  readonly agent_name: string | null;
  readonly run_id: string | null;
  readonly delivery_id: string | null;
}

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
