import { messageOf, RetryableError } from '../../../core/errors.ts';
import type { Connection } from '../store/connection.ts';
import type { WriteName, WriteOperations } from './write-operations.ts';

/** One operation with its arguments. A message to the writer is a list of them, or `close`. */
export type WriteRequest = readonly [name: WriteName, args: readonly unknown[]];

/** What came of the requests of some messages. */
export interface WriteReply extends BatchOutcome {
  /** How many messages are answered. */
  readonly messages: number;
}

/** What came of requests, in their order. */
interface BatchOutcome {
  /** What each operation returned; nothing for one that failed. */
  readonly results: readonly unknown[];
  /** By the index of the request; `null` where none failed. */
  readonly failures: ReadonlyMap<number, Failure> | null;
}

/** An error as it crosses threads. */
export interface Failure {
  readonly message: string;
  readonly stack: string | undefined;
  /** `null` for a bug: nothing changes by trying again. */
  readonly retryAfterSeconds: number | null;
}

/**
 * Does what is asked for in one transaction. Where one request fails, all are undone and each gets a transaction of its
 * own, so that it fails alone. An operation may so be done a second time after a rollback: it changes nothing but the
 * database.
 */
export function writeBatch(
  connection: Connection,
  operations: WriteOperations,
  requests: readonly WriteRequest[],
): BatchOutcome {
  const write = ([name, args]: WriteRequest): unknown => Reflect.apply(operations[name], operations, args);
  try {
    return { results: connection.inTransaction(() => requests.map(write)), failures: null };
  } catch (thrown) {
    if (requests.length === 1) return { results: [undefined], failures: new Map([[0, failureOf(thrown)]]) };
  }
  const failures = new Map<number, Failure>();
  const results = requests.map((request, index) => {
    try {
      return connection.inTransaction(() => write(request));
    } catch (thrown) {
      failures.set(index, failureOf(thrown));
      return undefined;
    }
  });
  return { results, failures };
}

function failureOf(thrown: unknown): Failure {
  return {
    message: messageOf(thrown),
    stack: thrown instanceof Error ? thrown.stack : undefined,
    retryAfterSeconds: thrown instanceof RetryableError ? thrown.retryAfterSeconds : null,
  };
}
