import type { Answered, Refused } from '../../core/connectors/received.ts';
import type { JsonObject, JsonValue } from '../../core/json/json-value.ts';

/** The payload of an event, without `files` and `_slack`. */
export type SlackPayload = {
  readonly text: string;
  readonly user_id: string | null;
  readonly team_id: string | null;
  readonly channel_id: string | null;
  /** The message that starts the thread. */
  readonly thread_ts: string | null;
  readonly event_id: string;
};

/** Where a reply goes. */
export type ReplyAddress = {
  readonly channel_id: string;
  /** `null` outside a thread. */
  readonly thread_ts: string | null;
};

/** An event that starts runs. */
export interface SlackEvent {
  readonly payload: SlackPayload;
  /** The event as Slack sent it. */
  readonly sent: JsonObject;
  readonly files: JsonValue;
  readonly replyTo: ReplyAddress | null;
  /** Unix ms. */
  readonly timeMs: number;
}

/** The result of reading a request: an event that starts runs, an ignored event, or a refusal. */
export type ReadEvent = { readonly outcome: 'read'; readonly event: SlackEvent } | Answered | Refused;

/**
 * Acknowledges an event without starting a run, so Slack does not retry it. @param reason a sentence for the history
 */
export function ignored(reason: string): Answered {
  return { outcome: 'answered', answer: null, reason };
}

/** Ignores an event of a kind that the connector does not accept. */
export function ignoredKind(kind: string): Answered {
  const shown = kind.replaceAll(/[^\w.]/g, '').slice(0, 60);
  return ignored(`Events of the kind "${shown}" are not among the connector's events.`);
}
