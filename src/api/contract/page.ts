import * as z from 'zod';

const limit = z.coerce.number().int().min(1).max(100);
const cursor = z.string().min(1).optional().meta({ description: 'The `next_cursor` of the previous page.' });

/** Query parameters of every list. */
export const pageQuery = {
  limit: limit.default(50).meta({ description: 'Maximum number of items.' }),
  cursor,
};

/** The same for lists that are short: by default, one page has all items. */
export const shortListQuery = z.object({
  limit: limit.optional().meta({ description: 'Maximum number of items. By default, all.' }),
  cursor,
});
export type ShortListQuery = z.infer<typeof shortListQuery>;

/** Opaque; `null` on the last page. */
export const nextCursor = z.string().nullable().meta({ description: 'Opaque; `null` on the last page.' });

/** The response of every list. A page may be shorter than `limit` and still have a next one. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({
    items: z.array(item),
    next_cursor: nextCursor,
  });
}

export interface WirePage<Item> {
  items: Item[];
  next_cursor: string | null;
}
