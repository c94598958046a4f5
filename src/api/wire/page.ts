import { PermanentError } from '../../core/errors.ts';
import type { Page } from '../../core/ports/page.ts';
import type { ShortListQuery, WirePage } from '../contract/page.ts';

/** A page of the core in wire format. */
export function pageToWire<Item, Wire>(page: Page<Item>, itemToWire: (item: Item) => Wire): WirePage<Wire> {
  return { items: page.items.map(itemToWire), next_cursor: page.nextCursor };
}

/**
 * A page of a list that is read as a whole: all items, or `limit` of them after the cursor, which counts items.
 *
 * @throws PermanentError `invalid-cursor`
 */
export function shortPage<Item>(
  all: readonly Item[],
  { limit = all.length, cursor = '0' }: ShortListQuery,
): WirePage<Item> {
  if (!/^\d{1,9}$/.test(cursor)) {
    throw new PermanentError('invalid-cursor', 'The cursor does not belong to this list.');
  }
  const end = Number(cursor) + limit;
  return { items: all.slice(Number(cursor), end), next_cursor: end < all.length ? String(end) : null };
}
