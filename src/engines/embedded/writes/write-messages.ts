import type { WriteName } from './write-operations.ts';

/** One operation with its arguments. A message to the writer is a list of them, or `close`. */
export type WriteRequest = readonly [name: WriteName, args: readonly unknown[]];

/** What came of the requests of some messages. */
export interface WriteReply extends BatchOutcome {
  /** How many messages are answered. */
  readonly messages: number;
}

/** What came of requests, in their order. */
export interface BatchOutcome {
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
