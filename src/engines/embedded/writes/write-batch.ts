import { messageOf, RetryableError } from '../../../core/errors.ts';
import type { Connection } from '../store/connection.ts';
import type { BatchOutcome, Failure, WriteRequest } from './write-messages.ts';
import type { WriteOperations } from './write-operations.ts';

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
