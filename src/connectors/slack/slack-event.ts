import type { Answered, Refused } from '../../core/connectors/received.ts';
import type { JsonObject, JsonValue } from '../../core/json/json-value.ts';

/** What agents get of an event, beside `files` and `_slack`. */
export type SlackPayload = {
  readonly text: string;
  readonly user_id: string | null;
  readonly team_id: string | null;
  readonly channel_id: string | null;
  /** The message that the thread begins with. */
  readonly thread_ts: string | null;
  readonly event_id: string;
};

/** Where a reply goes. */
export type ReplyAddress = {
  readonly channel_id: string;
  /** `null`: not in a thread. */
  readonly thread_ts: string | null;
};

/** An event that starts runs. */
export interface SlackEvent {
  readonly payload: SlackPayload;
  /** As Slack sent it. */
  readonly sent: JsonObject;
  readonly files: JsonValue;
  readonly replyTo: ReplyAddress | null;
  /** Unix ms. */
  readonly timeMs: number;
}

/** What became of a request: an event that starts runs, one that is ignored, or none. */
export type ReadEvent = { readonly outcome: 'read'; readonly event: SlackEvent } | Answered | Refused;

/** Slack is not to try again: the event is acknowledged, and starts nothing. @param reason a sentence for the history */
export function ignored(reason: string): Answered {
  return { outcome: 'answered', answer: null, reason };
}

/** The event is of a kind that the connector does not take. */
export function ignoredKind(kind: string): Answered {
  const shown = kind.replaceAll(/[^\w.]/g, '').slice(0, 60);
  return ignored(`Events of the kind "${shown}" are not among the connector's events.`);
}
