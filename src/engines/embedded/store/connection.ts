import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import type { Row } from './columns.ts';
import { translateDatabaseError } from './database-errors.ts';
import { FilePlaces } from './file-places.ts';

/** Pages (of 4 KiB) that the write-ahead log takes before it is copied into the database file: 16 MiB. */
const checkpointPages = 4_096;
/** KiB of database pages kept in memory; negative is SQLite's way to say KiB. */
const cacheKibibytes = -64 * 1_024;
/** How long a connection waits for another one of this process, in ms: for the moments of a checkpoint. */
const waitForOthersMs = 10_000;

/** One connection to the database file. */
export class Connection {
  readonly #database: DatabaseSync;
  /** Of the file and its log: what is committed elsewhere is not kept. */
  readonly #places: FilePlaces;
  readonly #begin: StatementSync;
  readonly #commit: StatementSync;
  readonly #rollback: StatementSync;

  /**
   * Opens the database file; makes it where it is missing. What only reads refuses every change.
   * @throws RetryableError when the file cannot be opened or the disk does not work
   */
  constructor(file: string, access: 'read' | 'write') {
    try {
      this.#database = new DatabaseSync(file, { timeout: waitForOthersMs });
      // Not opened read-only: whoever closes the file last empties its log.
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

  /** A statement to be kept and used many times. */
  statement(sql: string): Statement {
    return new Statement(this.#database, this.#database.prepare(sql));
  }

  /** Executes statements that return nothing. */
  execute(sql: string): void {
    this.#database.exec(sql);
  }

  /**
   * Does all of `body` durably, or nothing of it.
   * @throws what `body` throws; RetryableError when the disk is full or broken, or the file no longer lies where it lay
   */
  inTransaction<Result>(body: () => Result): Result {
    try {
      this.#begin.run();
      const result = body();
      this.#places.assertKept();
      this.#commit.run();
      return result;
    } catch (thrown) {
      // SQLite has rolled back by itself after some errors, such as a full disk.
      if (this.#database.isOpen && this.#database.isTransaction) this.#rollback.run();
      throw translateDatabaseError(thrown, this.#database.isOpen);
    }
  }

  close(): void {
    if (this.#database.isOpen) this.#database.close();
  }
}

/** A prepared statement whose errors are the ports' errors. */
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
