import * as z from 'zod';
import type { JsonValue } from '../../core/json/json-value.ts';
import type { InboundConfig } from './config.ts';

/** A value of the cursor column as text; `null` for an empty table. */
const value = z.string().nullable();

/** On a standby, the transaction before which all must have ended; `null` where the running ones are known. */
const end = z.string().nullable().default(null);

/**
 * How far a table was read. Transactions commit in another order than they take their values, so rows may appear below the
 * highest value that was read. They are found by their transaction: it was perhaps not finished at the last look.
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
  /** Becomes the floor once every transaction that ran at its look has ended. */
  next: z.object({ floor: value, running: z.array(z.string()), end }),
  /** A look that is not at its end: where it goes on, and what it began with. */
  scan: z
    .object({
      after: z.object({ value: z.string(), key: z.string() }),
      snapshot: z.string(),
      at: z.number(),
      running: z.array(z.string()),
      end,
      firstTop: value,
      isSettled: z.boolean(),
    })
    .nullable(),
  /** The highest rows at the first look, and their highest value: they are not new, however often they are updated. */
  old: z
    .object({ top: value, keys: z.array(z.string()) })
    .nullable()
    .default(null),
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
  return { ...place, steps: [], next: { floor: null, running: [], end: null }, scan: null, old: null };
}
