import * as z from 'zod';
import type { JsonObject } from '../../core/json/json-value.ts';

const messageId = z.union([z.string(), z.number()]);

/** The client's name for a message, or the number of the message as text. */
export type MessageId = z.infer<typeof messageId>;

const session = z.object({
  connectionId: z.string(),
  /** Whether the client has proved that it knows the secret, or does not have to. */
  isAdmitted: z.boolean(),
  /** Messages that have started runs. */
  count: z.int(),
  /** The message that is answered now; `null` before it is read. */
  messageId: messageId.nullable(),
  /** What was left out of it, one sentence each. */
  warnings: z.array(z.string()),
});

/** The state of one connection. */
export type Session = z.infer<typeof session>;

export function sessionOf(kept: JsonObject): Session {
  return session.parse(kept);
}

/** The conversation of one connection with each of its agents. */
export function newSession(connectionId: string, isAdmitted: boolean): Session {
  return { connectionId, isAdmitted, count: 0, messageId: null, warnings: [] };
}
