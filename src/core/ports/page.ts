/** One page of a list, newest first unless the list says otherwise. */
export interface Page<Item> {
  readonly items: readonly Item[];
  /** Opaque; `null` on the last page. */
  readonly nextCursor: string | null;
}

export interface PageRequest {
  /** 1 to 100. */
  readonly limit: number;
  readonly cursor: string | null;
}
