import type { Page, PageRequest } from '../../../core/ports/page.ts';
import { number, type Row } from './columns.ts';
import { formatCursor, parseCursor } from './cursor.ts';

/**
 * One page of a list whose rows are sorted by falling position.
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
