import type { WirePage } from '../../src/api/contract/page.ts';

/** The most pages to read of a list. A longer list needs a page with paging. */
const maxPages = 20;

/** All items of a short list. */
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
