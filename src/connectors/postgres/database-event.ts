import * as z from 'zod';
import type { JsonObject } from '../../core/json/json-value.ts';

const row = z.object({
  kind: z.literal('row'),
  table: z.string(),
  /** Of the cursor column, as text. */
  value: z.string(),
  /** The same as JSON. */
  shown: z.string(),
  /** The primary key, or what else tells rows with the same value apart. */
  key: z.string(),
  /** JSON of the row. */
  data: z.string(),
  /** Unix ms at which the row was not there yet: the same however often it is read. */
  since: z.number(),
  /** Unix ms. */
  readAt: z.number(),
});

const notification = z.object({
  kind: z.literal('notification'),
  channel: z.string(),
  /** Process of the server that has sent it. */
  pid: z.number(),
  text: z.string(),
  /** Unix ms. */
  receivedAt: z.number(),
  /** Notifications have none of their own. */
  id: z.string(),
});

const databaseEvent = z.discriminatedUnion('kind', [row, notification]);

export type RowEvent = Readonly<z.infer<typeof row>>;
export type Notification = Readonly<z.infer<typeof notification>>;
export type DatabaseEvent = RowEvent | Notification;

/** An event as a dead letter keeps it. */
export const keptEvent = {
  write: (event: DatabaseEvent): JsonObject => ({ ...event }),
  /** @throws ZodError where it is none */
  read: (letter: JsonObject): DatabaseEvent => databaseEvent.parse(letter),
};
