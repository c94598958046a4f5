import * as z from 'zod';

/** Query parameters of every list. */
export const pageQuery = {
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(100)
    .default(50)
    .meta({ description: 'Maximum number of items.' }),
  cursor: z.string().min(1).optional().meta({ description: 'The `next_cursor` of the previous page.' }),
};

/** The response of every list. A page may be shorter than `limit` and still have a next one. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({
    items: z.array(item),
    next_cursor: z.string().nullable().meta({ description: 'Opaque; `null` on the last page.' }),
  });
}

export interface WirePage<Item> {
  items: Item[];
  next_cursor: string | null;
}
