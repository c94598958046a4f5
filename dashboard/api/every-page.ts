import type { WirePage } from '../../src/api/contract/page.ts';

/** As many pages as a list is read at once: beyond it a page of its own with paging is due. */
const maxPages = 20;

/** The items of all pages of a short list. */
export async function everyPage<Item>(
  readPage: (cursor: string | null) => Promise<WirePage<Item>>,
): Promise<Item[]> {
  const items: Item[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < maxPages; page++) {
    const answer: WirePage<Item> = await readPage(cursor);
    items.push(...answer.items);
    cursor = answer.next_cursor;
    if (cursor === null) break;
  }
  return items;
}
