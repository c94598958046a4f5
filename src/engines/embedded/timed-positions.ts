import { numberOrNull } from './columns.ts';
import type { Connection, Statement } from './connection.ts';

/** Rows that one millisecond has room for; the greatest position of the year 2100 still is a safe integer. */
const perMillisecond = 2_048;

/** The position at which the millisecond `timeMs` (Unix) begins. */
export function positionAt(timeMs: number): number {
  return timeMs * perMillisecond;
}

/** The millisecond (Unix) in which a position lies. */
export function timeOf(position: number): number {
  return Math.floor(position / perMillisecond);
}

/**
 * Hands out the rowids of a table so that its rows lie in the order of their time: the newest are the table's right
 * edge, and a span of time is a span of rowids, with no index of its own. After the clock has gone back, rows are put
 * among the earlier ones of their time.
 */
export class TimedPositions {
  readonly #greatestBetween: Statement;
  #timeMs = -1;
  #position = -1;
  #greatest: number;

  constructor(connection: Connection, table: 'runs' | 'deliveries') {
    this.#greatestBetween = connection.statement(
      `SELECT max(position) AS position FROM ${table} WHERE position >= ? AND position < ?`,
    );
    this.#greatest = this.#find(0, Number.MAX_SAFE_INTEGER) ?? -1;
  }

  /** A free position for a row of the time `timeMs`. */
  next(timeMs: number): number {
    this.#position = timeMs === this.#timeMs ? this.#position + 1 : this.#firstFree(positionAt(timeMs));
    this.#timeMs = timeMs;
    this.#greatest = Math.max(this.#greatest, this.#position);
    return this.#position;
  }

  #firstFree(start: number): number {
    if (start > this.#greatest) return start;
    return (this.#find(start, start + perMillisecond) ?? start - 1) + 1;
  }

  #find(from: number, to: number): number | null {
    const row = this.#greatestBetween.get(from, to);
    return row === undefined ? null : numberOrNull(row, 'position');
  }
}
