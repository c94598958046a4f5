import { messageOf, RetryableError } from '../../../core/errors.ts';
import type { Connection } from '../store/connection.ts';
import type { WriteName, WriteOperations } from './write-operations.ts';

/** One operation with its arguments. A message to the writer is a list of them, or `close`. */
export type WriteRequest = readonly [name: WriteName, args: readonly unknown[]];

/** The outcome of the requests of some messages. */
export interface WriteReply extends BatchOutcome {
  /** How many messages this answers. */
  readonly messages: number;
}

/** The outcome of requests, in order. */
interface BatchOutcome {
  /** What each operation returned; `undefined` for a failed one. */
  readonly results: readonly unknown[];
  /** By the index of the request; `null` if none failed. */
  readonly failures: ReadonlyMap<number, Failure> | null;
}

/** An error in the form that crosses threads. */
export interface Failure {
  readonly message: string;
  readonly stack: string | undefined;
  /** `null` for a bug: a retry does not help. */
  readonly retryAfterSeconds: number | null;
}

/**
 * Does all requests in one transaction. If one fails, all are undone and each runs in its own transaction, so that it
 * fails alone. An operation may therefore run twice, with a rollback in between, and must change only the database.
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
