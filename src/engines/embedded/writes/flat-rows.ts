/**
 * Rows of one shape, their values one after the other in one list: crossing to another thread costs by the object, and
 * this is one, however many rows it has.
 */
export interface FlatRows<FlatRow extends readonly unknown[]> {
  /** How many values make a row. */
  readonly width: number;
  readonly values: readonly FlatRow[number][];
}

/** @param width the length of each row */
export function flatRows<FlatRow extends readonly unknown[]>(
  width: FlatRow['length'],
  rows: readonly FlatRow[],
): FlatRows<FlatRow> {
  return { width, values: rows.flat() };
}

/** The row that stands at `index`, from 0 on. */
export function rowAt<FlatRow extends readonly unknown[]>(
  { width, values }: FlatRows<FlatRow>,
  index: number,
): FlatRow {
  return values.slice(index * width, (index + 1) * width) as readonly unknown[] as FlatRow;
}
