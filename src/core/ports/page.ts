/** One page of a list, newest first unless the list says otherwise. */
export interface Page<Item> {
  readonly items: readonly Item[];
  /** Opaque; `null` on the last page. */
  readonly nextCursor: string | null;
}

/** An item with the cursor of the page that begins after it. */
export interface Placed<Item> {
  readonly item: Item;
  readonly cursor: string;
}

export interface PageRequest {
  /** 1 to 100. */
  readonly limit: number;
  readonly cursor: string | null;
}
