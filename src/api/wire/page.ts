import type { Page } from '../../core/ports/page.ts';
import type { WirePage } from '../contract/page.ts';

/** A page of the core in wire format. */
export function pageToWire<Item, Wire>(page: Page<Item>, itemToWire: (item: Item) => Wire): WirePage<Wire> {
  return { items: page.items.map(itemToWire), next_cursor: page.nextCursor };
}
