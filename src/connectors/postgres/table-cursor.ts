import * as z from 'zod';
import type { JsonValue } from '../../core/json/json-value.ts';
import type { InboundConfig } from './inbound-config.ts';

/** A value of the cursor column as text; `null` for an empty table. */
const value = z.string().nullable();

/**
 * How far a table has been read. Transactions may commit in a different order than they take values, so rows can appear
 * below the highest value read. Their transactions identify them: they were unfinished at the last poll.
 */
const stored = z.object({
  /** The table that the cursor belongs to. Another table, column, or server starts over. */
  of: z.string(),
  /** Rows with lower values can no longer appear. */
  floor: value,
  /** The highest value read. */
  top: value,
  /** What the last poll could see (txid_snapshot). */
  snapshot: z.string(),
  /** Unix ms of the last poll. Rows that it did not see are newer. */
  at: z.number(),
  /** The top value and `at` of each poll above the floor, so that a row read again gets the same time. */
  steps: z.array(z.object({ top: z.string(), at: z.number() })),
  /** Becomes the floor once every transaction that ran at its snapshot has ended. */
  next: z.object({ floor: value, running: z.array(z.string()) }),
  /** An unfinished scan: where it continues, and what it started with. */
  scan: z
    .object({
      after: z.object({ value: z.string(), key: z.string() }),
      snapshot: z.string(),
      at: z.number(),
      running: z.array(z.string()),
      firstTop: value,
      isSettled: z.boolean(),
    })
    .nullable(),
});

export type TableCursor = z.infer<typeof stored>;

/** The cursor of an earlier poll; `null` if there is none or it belongs to another table. */
export function readCursor(given: JsonValue, config: InboundConfig): TableCursor | null {
  const read = stored.safeParse(given);
  return read.success && read.data.of === cursorOwner(config) ? read.data : null;
}

export function cursorOwner({ host, port, database, table = '', cursor_column: column = '' }: InboundConfig) {
  return JSON.stringify([host, port, database, table, column]);
}

/** A cursor for which every row of the table is new. */
export function nothingRead(config: InboundConfig): TableCursor {
  const place = { of: cursorOwner(config), floor: null, top: null, snapshot: '1:1:', at: 0 };
  return { ...place, steps: [], next: { floor: null, running: [] }, scan: null };
}
