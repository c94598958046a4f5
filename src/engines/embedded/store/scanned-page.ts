import { setImmediate as nextTick } from 'node:timers/promises';
import type { Page, PageRequest } from '../../../core/ports/page.ts';
import { number, type Row } from './columns.ts';
import { formatCursor, parseCursor } from './cursor.ts';

/** Rows that `read` returns at a time: about a millisecond's work, after which the event loop gets its turn. */
export const rowsPerRead = 200;

export interface RowScan<Item> {
  /** The next rows below a position, by falling position: `rowsPerRead`, or fewer where there are no more. */
  readonly read: (below: number) => readonly Row[];
  readonly matches: (row: Row) => boolean | Promise<boolean>;
  readonly itemOf: (row: Row) => Item;
  /** Rows looked at for one page. The page may then be short, and its cursor goes on from there. */
  readonly maxRows: number;
}

/** One page of the rows that match, looking at a bounded number of rows. */
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
