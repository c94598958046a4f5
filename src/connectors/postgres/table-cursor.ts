import * as z from 'zod';
import type { JsonValue } from '../../core/json/json-value.ts';
import type { InboundConfig } from './inbound-config.ts';

/** A value of the cursor column as text; `null` where the table was empty. */
const value = z.string().nullable();

/**
 * How far a table was read. Transactions commit in another order than they take their values, so rows may appear below the
 * highest value that was read. They are found by their transaction: it was not finished at the last look.
 */
const stored = z.object({
  /** What it belongs to: another table, column, or server starts over. */
  of: z.string(),
  /** No row with a lower value can appear any more. */
  floor: value,
  /** The highest value that was read. */
  top: value,
  /** What was visible at the last look (txid_snapshot). */
  snapshot: z.string(),
  /** Unix ms of the last look: rows that it did not see are younger. */
  at: z.number(),
  /** To which value each look above the floor has come, and its `at`: a row that is read again has the same time. */
  steps: z.array(z.object({ top: z.string(), at: z.number() })),
  /** Becomes the floor once every transaction that ran at its look has ended. */
  next: z.object({ floor: value, running: z.array(z.string()) }),
  /** A look that is not at its end: where it goes on, and what it began with. */
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

/** The cursor of an earlier poll; `null` where there is none, or it belongs to another table. */
export function readCursor(given: JsonValue, config: InboundConfig): TableCursor | null {
  const read = stored.safeParse(given);
  return read.success && read.data.of === cursorOwner(config) ? read.data : null;
}

export function cursorOwner({ host, port, database, table = '', cursor_column: column = '' }: InboundConfig) {
  return JSON.stringify([host, port, database, table, column]);
}

/** A cursor with which everything in the table is new. */
export function nothingRead(config: InboundConfig): TableCursor {
  const place = { of: cursorOwner(config), floor: null, top: null, snapshot: '1:1:', at: 0 };
  return { ...place, steps: [], next: { floor: null, running: [] }, scan: null };
}
