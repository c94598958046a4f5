import { DatabaseSync, type SQLInputValue, type SQLOutputValue, type StatementSync } from 'node:sqlite';
import { RetryableError } from '../../../core/errors.ts';
import { FilePlaces } from './data-folder.ts';

/** Pages (of 4 KiB) in the write-ahead log before a checkpoint copies it into the database file: 16 MiB. */
const checkpointPages = 4_096;
/** Size of the page cache in KiB; SQLite takes a negative number as KiB. */
const cacheKibibytes = -64 * 1_024;
/** How long a connection waits for another one of this process, in ms: during a checkpoint. */
const waitForOthersMs = 10_000;

/** One connection to the database file. */
export class Connection {
  readonly #database: DatabaseSync;
  /** Of the file and its log: anything committed elsewhere would be lost. */
  readonly #places: FilePlaces;
  readonly #begin: StatementSync;
  readonly #commit: StatementSync;
  readonly #rollback: StatementSync;

  /**
   * Opens the database file; creates it if missing. A read connection refuses every change.
   * @throws RetryableError when the file cannot be opened or the disk does not work
   */
  constructor(file: string, access: 'read' | 'write') {
    try {
      this.#database = new DatabaseSync(file, { timeout: waitForOthersMs });
      // Not opened read-only: the last connection to close the file empties its log.
      this.#database.exec(`
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = FULL;
        PRAGMA foreign_keys = OFF;
        PRAGMA wal_autocheckpoint = ${checkpointPages};
        PRAGMA cache_size = ${cacheKibibytes};
        PRAGMA query_only = ${access === 'read'};
      `);
      this.#places = new FilePlaces([file, `${file}-wal`]);
      this.#begin = this.#database.prepare('BEGIN IMMEDIATE');
      this.#commit = this.#database.prepare('COMMIT');
      this.#rollback = this.#database.prepare('ROLLBACK');
    } catch (thrown) {
      throw translateDatabaseError(thrown, true);
    }
  }

  /** A prepared statement, to keep and reuse. */
  statement(sql: string): Statement {
    return new Statement(this.#database, this.#database.prepare(sql));
  }

  /** Executes statements that return nothing. */
  execute(sql: string): void {
    this.#database.exec(sql);
  }

  /**
   * Does all of `body` durably, or nothing of it.
   * @throws what `body` throws; RetryableError when the disk is full or broken, or the file was moved or replaced
   */
  inTransaction<Result>(body: () => Result): Result {
    try {
      this.#begin.run();
      const result = body();
      this.#places.assertKept();
      this.#commit.run();
      return result;
    } catch (thrown) {
      // SQLite itself rolls back after some errors, such as a full disk.
      if (this.#database.isOpen && this.#database.isTransaction) this.#rollback.run();
      throw translateDatabaseError(thrown, this.#database.isOpen);
    }
  }

  close(): void {
    if (this.#database.isOpen) this.#database.close();
  }
}

/** A prepared statement that throws the errors of the ports. */
export class Statement {
  readonly #database: DatabaseSync;
  readonly #statement: StatementSync;

  constructor(database: DatabaseSync, statement: StatementSync) {
    this.#database = database;
    this.#statement = statement;
  }

  /** @returns how many rows the statement has changed */
  run(...values: SQLInputValue[]): number {
    try {
      return Number(this.#statement.run(...values).changes);
    } catch (thrown) {
      throw translateDatabaseError(thrown, this.#database.isOpen);
    }
  }

  get(...values: SQLInputValue[]): Row | undefined {
    try {
      return this.#statement.get(...values);
    } catch (thrown) {
      throw translateDatabaseError(thrown, this.#database.isOpen);
    }
  }

  all(...values: SQLInputValue[]): Row[] {
    try {
      return this.#statement.all(...values);
    } catch (thrown) {
      throw translateDatabaseError(thrown, this.#database.isOpen);
    }
  }
}

/** One row as SQLite returns it. The functions below read a column of the type that the schema declares. */
export type Row = Readonly<Record<string, SQLOutputValue>>;

/** @throws Error if the column's type differs from the schema: a bug, never a user's fault */
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

/** SQLite's primary result codes (https://sqlite.org/rescode.html) as messages for operators. */
const unavailable: ReadonlyMap<number, string> = new Map([
  [5, 'The database is locked by another process.'],
  [6, 'The database is locked.'],
  [7, 'The process is out of memory.'],
  [8, 'The data folder is read-only.'],
  [10, 'The disk of the data folder reported an error.'],
  [11, 'The database file is damaged; restore a backup.'],
  [13, 'The disk of the data folder is full.'],
  [14, 'The database file cannot be opened.'],
  [26, 'The database file is damaged; restore a backup.'],
]);

/** Seconds before a retry makes sense: an operator must free space or mount a disk first. */
const retryAfterSeconds = 5;

/**
 * Translates to the error that the ports promise for an unavailable store. Anything else is a bug and stays as it is.
 * @param isOpen whether the database is still open; if not, the process is stopping
 */
function translateDatabaseError(thrown: unknown, isOpen: boolean): unknown {
  if (thrown instanceof RetryableError) return thrown;
  if (!isOpen) return new RetryableError('The engine has stopped.', { cause: thrown });
  const message = unavailable.get(primaryResultCode(thrown));
  return message === undefined ? thrown : new RetryableError(message, { cause: thrown, retryAfterSeconds });
}

/** The lower byte of the `errcode` of `node:sqlite`; 0 for any other error. */
function primaryResultCode(thrown: unknown): number {
  if (typeof thrown !== 'object' || thrown === null || !('errcode' in thrown)) return 0;
  return typeof thrown.errcode === 'number' ? thrown.errcode & 0xff : 0;
}

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
