import { setImmediate as nextTick } from 'node:timers/promises';
import { PermanentError } from '../../../core/errors.ts';
import type { Page, PageRequest } from '../../../core/ports/page.ts';
import { number, type Row } from './connection.ts';

/**
 * One page of a list in descending order of position.
 * @param query reads at most `limit` rows below `position`
 */
export function pageOfRows<Item>(
  request: PageRequest,
  query: (position: number, limit: number) => readonly Row[],
  itemOf: (row: Row) => Item,
): Page<Item> {
  const rows = query(parseCursor(request.cursor), request.limit + 1);
  const shown = rows.slice(0, request.limit);
  const last = shown.at(-1);
  const nextCursor =
    rows.length > shown.length && last !== undefined ? formatCursor(number(last, 'position')) : null;
  return { items: shown.map(itemOf), nextCursor };
}

/** Rows that `read` returns at a time: takes about a millisecond, then the event loop gets a turn. */
export const rowsPerRead = 200;

interface RowScan<Item> {
  /** The next rows below a position, in descending order: `rowsPerRead` of them, or fewer at the end. */
  readonly read: (below: number) => readonly Row[];
  readonly matches: (row: Row) => boolean | Promise<boolean>;
  readonly itemOf: (row: Row) => Item;
  /** Rows scanned for one page. The page may be short; its cursor then continues from there. */
  readonly maxRows: number;
}

/** One page of the matching rows; scans a bounded number of rows. */
export async function scannedPage<Item>(request: PageRequest, scan: RowScan<Item>): Promise<Page<Item>> {
  const found: Row[] = [];
  const pageUpTo = (position: number | null): Page<Item> => ({
    items: found.map(scan.itemOf),
    nextCursor: position === null ? null : formatCursor(position),
  });
  let below = parseCursor(request.cursor);
  for (let looked = 0; looked < scan.maxRows; looked += rowsPerRead) {
    const rows = scan.read(below);
    for (const row of rows) {
      const matches = scan.matches(row);
      if (!(typeof matches === 'boolean' ? matches : await matches)) continue;
      if (found.length === request.limit) return pageUpTo(lastPosition(found));
      found.push(row);
    }
    if (rows.length < rowsPerRead) return pageUpTo(null);
    below = lastPosition(rows) ?? below;
    await nextTick();
  }
  return pageUpTo(below);
}

function lastPosition(rows: readonly Row[]): number | null {
  const last = rows.at(-1);
  return last === undefined ? null : number(last, 'position');
}

/** The cursor of the page after the row at `position`. */
export function formatCursor(position: number): string {
  return Buffer.from(String(position)).toString('base64url');
}

/**
 * The position below which the next page begins; without a cursor, above all positions.
 * @throws PermanentError `invalid-cursor`
 */
function parseCursor(cursor: string | null): number {
  if (cursor === null) return Number.MAX_SAFE_INTEGER;
  const text = Buffer.from(cursor, 'base64url').toString();
  const position = Number(text);
  if (!/^\d{1,16}$/.test(text) || !Number.isSafeInteger(position)) {
    throw new PermanentError('invalid-cursor', 'The cursor does not belong to this list.');
  }
  return position;
}
