import type { JsonObject } from '../json/json-value.ts';

/**
 * Where an event came from, so that a result can be sent back there. The product takes it from what the source itself
 * says; payloads cannot change it.
 */
export interface Origin {
  /** The connector type that received the event. */
  readonly type: string;
  /**
   * The account on the other side: a Slack app, a mailbox, a phone number. Outbound connectors answer only origins of
   * their own type and account.
   */
  readonly account: string;
  /** In the type's own terms: a chat id, a channel and its thread, the headers of a mail. */
  readonly address: JsonObject;
  /** The conversation that the event continues, for agents without a `session` of their own. */
  readonly conversation?: Conversation;
}

/** A conversation that lasts as long as its connection. */
export interface Conversation {
  /** Unique among all conversations. */
  readonly key: string;
  /** How long it is kept after its last run. */
  readonly ttlSeconds: number;
}
