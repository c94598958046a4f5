import type { Item, PartitionQuery, Table } from './table.ts';

/** Every item of a partition's range, page by page as they are taken. */
export async function* allItems(table: Table, query: PartitionQuery): AsyncGenerator<Item> {
  let after: Item | null = null;
  do {
    const answer = await table.query(after === null ? query : { ...query, after });
    yield* answer.items;
    after = answer.last;
  } while (after !== null);
}
