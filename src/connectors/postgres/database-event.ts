import * as z from 'zod';
import type { JsonObject } from '../../core/json/json-value.ts';

/** The largest row that starts runs, as JSON. A larger one is not read from the database. */
export const maxRowBytes = 10 * 1024 * 1024;

const row = z.object({
  kind: z.literal('row'),
  table: z.string(),
  /** The cursor column's value as text. */
  value: z.string(),
  /** The same value as JSON. */
  shown: z.string(),
  /** The primary key, or another distinction between rows with the same value. */
  key: z.string(),
  /** The row as JSON; `null` if it is larger than `maxRowBytes`. */
  data: z.string().nullable(),
  /** The size of the row as JSON. */
  bytes: z.int().default(0),
  /** Unix ms of a time when the row did not exist yet; the same on every read. */
  since: z.number(),
  /** Unix ms. */
  readAt: z.number(),
});

const notification = z.object({
  kind: z.literal('notification'),
  channel: z.string(),
  /** The server process that sent it. */
  pid: z.number(),
  text: z.string(),
  /** Unix ms. */
  receivedAt: z.number(),
  /** A generated ID, as notifications have none. */
  id: z.string(),
});

const databaseEvent = z.discriminatedUnion('kind', [row, notification]);

export type RowEvent = Readonly<z.infer<typeof row>>;
export type Notification = Readonly<z.infer<typeof notification>>;
export type DatabaseEvent = RowEvent | Notification;

/** Converts an event to and from its dead letter. */
export const deadLetterCodec = {
  write: (event: DatabaseEvent): JsonObject => ({ ...event }),
  /** @throws ZodError where it is none */
  read: (letter: JsonObject): DatabaseEvent => databaseEvent.parse(letter),
};
