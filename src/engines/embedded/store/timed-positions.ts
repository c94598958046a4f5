import { type Connection, numberOrNull, type Statement } from './connection.ts';

/** Rows per millisecond. With it, the greatest position of the year 2100 is still a safe integer. */
const perMillisecond = 2_048;

/** The position at which the millisecond `timeMs` (Unix) begins. */
export function positionAt(timeMs: number): number {
  return timeMs * perMillisecond;
}

/** The millisecond (Unix) of a position. */
export function timeOf(position: number): number {
  return Math.floor(position / perMillisecond);
}

/**
 * Hands out rowids in order of time: the newest rows are the table's right edge, and a span of time is a span of
 * rowids, with no extra index. After the clock has gone back, rows go among the earlier ones of their time. Rows beyond
 * a millisecond's room go to the next free positions after it.
 */
export class TimedPositions {
  readonly #greatestBetween: Statement;
  #timeMs = -1;
  /** The next position; the last one handed out is before it. */
  #next = 0;
  /** No position from `#next` up to here is taken. */
  #freeTo = 0;
  #greatest: number;

  constructor(connection: Connection, table: 'runs' | 'deliveries' | 'filtered_triggers') {
    this.#greatestBetween = connection.statement(
      `SELECT max(position) AS position FROM ${table} WHERE position >= ? AND position < ?`,
    );
    this.#greatest = this.#find(0, Number.MAX_SAFE_INTEGER) ?? -1;
  }

  /** The first of `rows` consecutive free positions, for rows of the time `timeMs` (Unix). */
  next(timeMs: number, rows = 1): number {
    if (timeMs !== this.#timeMs) this.#goTo(positionAt(timeMs), rows);
    else if (this.#next + rows > this.#freeTo) this.#goTo(this.#next, rows);
    this.#timeMs = timeMs;
    const first = this.#next;
    this.#next += rows;
    this.#greatest = Math.max(this.#greatest, this.#next - 1);
    return first;
  }

  /** Moves to the first free stretch of `rows` positions, in steps of about a millisecond. */
  #goTo(start: number, rows: number): void {
    this.#next = start;
    while (this.#next <= this.#greatest) {
      this.#freeTo = Math.max(this.#next + rows, positionAt(timeOf(this.#next) + 1));
      const taken = this.#find(this.#next, this.#freeTo);
      if (taken === null) return;
      this.#next = taken + 1;
    }
    this.#freeTo = Number.MAX_SAFE_INTEGER;
  }

  #find(from: number, to: number): number | null {
    const row = this.#greatestBetween.get(from, to);
    return row === undefined ? null : numberOrNull(row, 'position');
  }
}
