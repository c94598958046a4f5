import { type Connection, numberOrNull, type Statement } from './connection.ts';

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
 * among the earlier ones of their time. What a millisecond has no room for is put behind it, where there is some.
 */
export class TimedPositions {
  readonly #greatestBetween: Statement;
  #timeMs = -1;
  /** What was handed out last lies before it. */
  #next = 0;
  /** From `#next` to here no position is taken. */
  #freeTo = 0;
  #greatest: number;

  constructor(connection: Connection, table: 'runs' | 'deliveries') {
    this.#greatestBetween = connection.statement(
      `SELECT max(position) AS position FROM ${table} WHERE position >= ? AND position < ?`,
    );
    this.#greatest = this.#find(0, Number.MAX_SAFE_INTEGER) ?? -1;
  }

  /** The first of `rows` free positions that follow one another, for rows of the time `timeMs` (Unix). */
  next(timeMs: number, rows = 1): number {
    if (timeMs !== this.#timeMs) this.#goTo(positionAt(timeMs), rows);
    else if (this.#next + rows > this.#freeTo) this.#goTo(this.#next, rows);
    this.#timeMs = timeMs;
    const first = this.#next;
    this.#next += rows;
    this.#greatest = Math.max(this.#greatest, this.#next - 1);
    return first;
  }

  /** Goes to the first free stretch of `rows` positions, in steps of about a millisecond. */
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
