import type { SQLOutputValue } from 'node:sqlite';

/** One row as SQLite gives it. The functions below read a column of the kind that the schema declares. */
export type Row = Readonly<Record<string, SQLOutputValue>>;

/** @throws Error where the column holds something else than the schema says: a bug, never a user's doing */
export function text(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== 'string') throw unexpected(column, value);
  return value;
}

export function textOrNull(row: Row, column: string): string | null {
  return row[column] === null ? null : text(row, column);
}

/** An INTEGER or REAL column. */
export function number(row: Row, column: string): number {
  const value = row[column];
  if (typeof value !== 'number') throw unexpected(column, value);
  return value;
}

export function numberOrNull(row: Row, column: string): number | null {
  return row[column] === null ? null : number(row, column);
}

export function flag(row: Row, column: string): boolean {
  return number(row, column) !== 0;
}

export function bytes(row: Row, column: string): Uint8Array {
  const value = row[column];
  if (!(value instanceof Uint8Array)) throw unexpected(column, value);
  return value;
}

function unexpected(column: string, value: SQLOutputValue | undefined): Error {
  return new Error(`column ${column} holds ${value === null ? 'null' : typeof value}`);
}
