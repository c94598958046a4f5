import { messageOf, RetryableError } from '../../../core/errors.ts';
import { type Connection, TimedPositions } from '../store/connection.ts';
import { apiKeyWrites } from './api-key-writes.ts';
import { budgetWrites } from './budget-writes.ts';
import { clockWrites } from './clock-writes.ts';
import { connectionWrites } from './connection-writes.ts';
import { connectorChangeWrites } from './connector-change-writes.ts';
import { connectorWrites } from './connector-writes.ts';
import { deliveryWrites, planningWrites } from './delivery-writes.ts';
import { dispatchRuns, sendThrough } from './dispatch-runs.ts';
import { holdWrites } from './hold-writes.ts';
import { interruptRuns } from './interrupted-work.ts';
import { noteWrites } from './note-writes.ts';
import { pollWrites } from './poll-writes.ts';
import { retentionWrites } from './retention-writes.ts';
import { endRuns, leaseRuns, runSlots } from './run-writes.ts';
import { scheduleWrites } from './schedule-writes.ts';
import { scheduledRunWrites } from './scheduled-runs.ts';

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

/** Every change to the database while the engine runs, by name. Each runs within a transaction. */
export function writeOperations(connection: Connection) {
  const slots = runSlots(connection);
  const polls = pollWrites(connection);
  const connectors = connectorWrites(connection);
  const notes = noteWrites(connection);
  const positions = new TimedPositions(connection, 'runs');
  return {
    dispatchRuns: dispatchRuns(connection, positions, polls.moveCursor),
    sendThrough: sendThrough(connection, positions),
    ...leaseRuns(connection, slots),
    ...endRuns(connection, slots),
    ...holdWrites(connection, slots),
    ...scheduledRunWrites(connection),
    ...deliveryWrites(connection),
    ...connectors,
    ...connectionWrites(connection),
    ...connectorChangeWrites(connection, connectors, notes),
    ...apiKeyWrites(connection),
    ...budgetWrites(connection),
    ...planningWrites(connection),
    ...scheduleWrites(connection),
    ...polls,
    ...notes,
    ...retentionWrites(connection),
    ...clockWrites(connection),
    interruptRuns: (now: number) => interruptRuns(connection, now),
  };
}

export type WriteOperations = ReturnType<typeof writeOperations>;
export type WriteName = keyof WriteOperations;
