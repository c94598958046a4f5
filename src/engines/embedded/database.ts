import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import type { Row } from './columns.ts';
import { translateDatabaseError } from './database-errors.ts';

/** Pages (of 4 KiB) that the write-ahead log takes before it is copied into the database file: 16 MiB. */
const checkpointPages = 4_096;
/** KiB of database pages kept in memory; negative is SQLite's way to say KiB. */
const cacheKibibytes = -64 * 1_024;

/**
 * The one SQLite connection of the process. Reads are synchronous and see what is committed. Writes that are asked for
 * within one tick of the event loop share one transaction, so that throughput does not depend on the disk's fsync.
 */
export class Database {
  readonly #connection: DatabaseSync;
  readonly #begin: StatementSync;
  readonly #commit: StatementSync;
  readonly #rollback: StatementSync;
  #queue: QueuedWrite[] = [];

  /**
   * Opens or creates the database file.
   * @throws RetryableError when the file cannot be opened or the disk does not work
   */
  constructor(file: string) {
    try {
      this.#connection = new DatabaseSync(file);
      this.#connection.exec(`
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = FULL;
        PRAGMA foreign_keys = OFF;
        PRAGMA wal_autocheckpoint = ${checkpointPages};
        PRAGMA cache_size = ${cacheKibibytes};
      `);
      this.#begin = this.#connection.prepare('BEGIN IMMEDIATE');
      this.#commit = this.#connection.prepare('COMMIT');
      this.#rollback = this.#connection.prepare('ROLLBACK');
    } catch (thrown) {
      throw translateDatabaseError(thrown, true);
    }
  }

  /** A statement to be kept and used many times, for reading or, within `write`, for writing. */
  statement(sql: string): Statement {
    return new Statement(this.#connection, this.#connection.prepare(sql));
  }

  /**
   * Runs `operation` in the transaction of this tick and resolves with what it returned once that is durable.
   * An operation that throws is undone and rejects alone. It may be run a second time after a rollback, so it changes
   * nothing but the database.
   *
   * @throws RetryableError when the disk is full or broken; nothing was written then
   */
  write<Result>(operation: () => Result): Promise<Result> {
    return new Promise((resolve, reject) => {
      if (this.#queue.length === 0) setImmediate(() => this.#commitQueue());
      this.#queue.push(new Write(operation, resolve, reject));
    });
  }

  /** Runs `change` in a transaction of its own, at once: for the start of the process, before anything is queued. */
  change(change: (connection: DatabaseSync) => void): void {
    this.#inTransaction(() => change(this.#connection));
  }

  /** Closes the file. What is still queued is committed first. */
  close(): void {
    if (!this.#connection.isOpen) return;
    this.#commitQueue();
    this.#connection.close();
  }

  #commitQueue(): void {
    const writes = this.#queue;
    this.#queue = [];
    if (writes.length === 0) return;
    try {
      this.#inTransaction(() => {
        for (const write of writes) write.run();
      });
    } catch (thrown) {
      if (writes.length === 1) writes[0]?.fail(thrown);
      else for (const write of writes) this.#commitAlone(write);
      return;
    }
    for (const write of writes) write.succeed();
  }

  /** One of a tick's writes has failed and undone all of them: each gets a transaction of its own. */
  #commitAlone(write: QueuedWrite): void {
    try {
      this.#inTransaction(() => write.run());
    } catch (thrown) {
      write.fail(thrown);
      return;
    }
    write.succeed();
  }

  #inTransaction(body: () => void): void {
    try {
      this.#begin.run();
      body();
      this.#commit.run();
    } catch (thrown) {
      // SQLite has rolled back by itself after some errors, such as a full disk.
      if (this.#connection.isOpen && this.#connection.isTransaction) this.#rollback.run();
      throw translateDatabaseError(thrown, this.#connection.isOpen);
    }
  }
}

/** A prepared statement whose errors are the ports' errors. */
export class Statement {
  readonly #connection: DatabaseSync;
  readonly #statement: StatementSync;

  constructor(connection: DatabaseSync, statement: StatementSync) {
    this.#connection = connection;
    this.#statement = statement;
  }

  /** @returns how many rows the statement has changed */
  run(...values: SQLInputValue[]): number {
    try {
      return Number(this.#statement.run(...values).changes);
    } catch (thrown) {
      throw translateDatabaseError(thrown, this.#connection.isOpen);
    }
  }

  get(...values: SQLInputValue[]): Row | undefined {
    try {
      return this.#statement.get(...values);
    } catch (thrown) {
      throw translateDatabaseError(thrown, this.#connection.isOpen);
    }
  }

  all(...values: SQLInputValue[]): Row[] {
    try {
      return this.#statement.all(...values);
    } catch (thrown) {
      throw translateDatabaseError(thrown, this.#connection.isOpen);
    }
  }
}

interface QueuedWrite {
  run(): void;
  succeed(): void;
  fail(thrown: unknown): void;
}

class Write<Result> implements QueuedWrite {
  readonly #operation: () => Result;
  readonly #resolve: (result: Result) => void;
  readonly #reject: (thrown: unknown) => void;
  #settle: () => void = () => undefined;

  constructor(operation: () => Result, resolve: (result: Result) => void, reject: (thrown: unknown) => void) {
    this.#operation = operation;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  run(): void {
    const result = this.#operation();
    this.#settle = () => this.#resolve(result);
  }

  succeed(): void {
    this.#settle();
  }

  fail(thrown: unknown): void {
    this.#reject(thrown);
  }
}
