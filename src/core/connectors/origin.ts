import type { JsonObject } from '../json/json-value.ts';

/**
 * Where an event came from, so that a result can be sent back there. The product writes it, from what the source itself
 * says; nothing in a payload changes it.
 */
export interface Origin {
  /** The connector type that received the event. */
  readonly type: string;
  /**
   * The account at the other side: a Slack app, a mailbox, a phone number. Outbound connectors answer origins of their own
   * type and account only.
   */
  readonly account: string;
  /** In the type's own terms: a chat id, a channel and its thread, the headers of a mail. */
  readonly address: JsonObject;
}
