import type { EventLoopUtilization } from 'node:perf_hooks';
import { Worker } from 'node:worker_threads';
import { messageOf, RetryableError } from '../../../core/errors.ts';
import type { Log } from '../../../core/ports/log.ts';
import { compiledCode } from '../threads/compiled-code.ts';
import type { Failure, WriteName, WriteOperations, WriteReply, WriteRequest } from '../writes/write-batch.ts';
import { Connection, type Statement } from './connection.ts';

interface AwaitedWrite {
  /** Gets the return value of the requested operation. */
  readonly resolve: (result: never) => void;
  readonly reject: (thrown: Error) => void;
}

/**
 * The database as the rest of the engine sees it. Reads use a connection of this thread and see what is committed.
 * Every change is an operation of the writer, a thread with the only write connection. Requests that arrive while it
 * works go to it as one message and share a transaction, so throughput does not depend on the disk's fsync and this
 * thread never waits for it.
 */
export class Database {
  readonly #file: string;
  readonly #log: Log;
  readonly #writerCode: URL;
  readonly #reader: Connection;
  #requests: WriteRequest[] = [];
  /** In the order of the requests, which is the order of the replies. */
  #awaited: AwaitedWrite[] = [];
  #unansweredMessages = 0;
  #writer: Worker | null = null;
  #utilization: EventLoopUtilization | undefined;
  #closed = false;

  /**
   * Opens a database file that `prepareDatabase` has migrated to this version.
   * @param code what the writer's thread executes
   * @throws RetryableError when the file cannot be opened
   */
  constructor(file: string, log: Log, code = writerCode) {
    this.#file = file;
    this.#log = log;
    this.#writerCode = code;
    this.#reader = new Connection(file, 'read');
  }

  /** A read statement, to keep and reuse. */
  statement(sql: string): Statement {
    return this.#reader.statement(sql);
  }

  /**
   * Requests one operation from the writer; resolves with its return value once it is durable.
   *
   * @throws RetryableError when the disk is full or broken, or the engine has stopped: nothing was written then. Also
   *   when the writer ends before it has answered: as after a crash, the change may or may not be written.
   */
  write<Name extends WriteName>(
    name: Name,
    ...args: Parameters<WriteOperations[Name]>
  ): Promise<ReturnType<WriteOperations[Name]>> {
    if (this.#closed) return Promise.reject(new RetryableError('The engine has stopped.'));
    return new Promise((resolve, reject) => {
      if (this.#requests.length === 0) setImmediate(() => this.#send());
      this.#requests.push([name, args]);
      this.#awaited.push({ resolve, reject });
    });
  }

  /** Like `write`, for a request that is itself a batch: does not wait for other requests of this event-loop turn. */
  writeAtOnce<Name extends WriteName>(
    name: Name,
    ...args: Parameters<WriteOperations[Name]>
  ): Promise<ReturnType<WriteOperations[Name]>> {
    const written = this.write(name, ...args);
    this.#send();
    return written;
  }

  /** The share of its time that the writer was busy since the last call, waiting for the disk included: 0 to 1. */
  utilization(): number {
    if (this.#writer === null) return 0;
    const { performance } = this.#writer;
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, this.#utilization);
    this.#utilization = now;
    return utilization;
  }

  /** Closes the file, after writing everything requested before. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#sendNow();
    const writer = this.#writer;
    if (writer !== null) {
      const ended = new Promise((resolve) => writer.once('exit', resolve));
      writer.postMessage('close');
      await ended;
    }
    this.#reader.close();
  }

  /** Sends one message at a time. Later requests share the next one: one commit instead of many small ones. */
  #send(): void {
    if (this.#unansweredMessages === 0) this.#sendNow();
  }

  #sendNow(): void {
    if (this.#requests.length === 0) return;
    const requests = this.#requests;
    this.#requests = [];
    try {
      this.#writer ??= this.#startWriter();
      this.#writer.postMessage(requests);
      this.#unansweredMessages++;
    } catch (thrown) {
      // Most likely the system could not create a thread.
      this.#giveUp(this.#awaited.splice(-requests.length), thrown);
    }
  }

  #startWriter(): Worker {
    return startWriter(this.#file, this.#writerCode, {
      onReply: (reply) => this.#settle(reply),
      onEnded: (cause) => this.#writerEnded(cause),
    });
  }

  #settle({ messages, results, failures }: WriteReply): void {
    this.#unansweredMessages -= messages;
    this.#send();
    const settled = this.#awaited.splice(0, results.length);
    for (const [index, { resolve, reject }] of settled.entries()) {
      const failure = failures?.get(index);
      if (failure === undefined) resolve(results[index] as never);
      else reject(errorOf(failure));
    }
  }

  /** Requests after the end of a writer start a new one. */
  #writerEnded(cause: Error | undefined): void {
    this.#writer = null;
    this.#utilization = undefined;
    this.#unansweredMessages = 0;
    const unanswered = this.#awaited.splice(0, this.#awaited.length - this.#requests.length);
    if (!this.#closed || cause !== undefined || unanswered.length > 0) {
      const reason = cause === undefined ? 'It ended by itself.' : messageOf(cause);
      this.#log.error('writer.ended', { reason, unanswered_writes: unanswered.length });
    }
    this.#giveUp(unanswered, cause);
    this.#send();
  }

  #giveUp(awaited: readonly AwaitedWrite[], cause: unknown): void {
    const reason = cause === undefined ? '.' : `: ${messageOf(cause)}`;
    for (const { reject } of awaited) {
      reject(new RetryableError(`The writing of the database broke off${reason}`, { cause }));
    }
  }
}

function errorOf({ message, stack, retryAfterSeconds }: Failure): Error {
  if (retryAfterSeconds !== null) return new RetryableError(message, { retryAfterSeconds });
  const bug = new Error(message);
  if (stack !== undefined) bug.stack = stack;
  return bug;
}

interface WriterListeners {
  readonly onReply: (reply: WriteReply) => void;
  /** Called once; with the error that ended the thread, or `undefined` if it exited on its own. */
  readonly onEnded: (cause: Error | undefined) => void;
}

/** The code of the thread that changes the database. */
export const writerCode = new URL('../writes/writer-thread.ts', import.meta.url);

/** Starts the writer thread. If an answer cannot be read, the thread is ended: what it did is unknown. */
function startWriter(file: string, code: URL, { onReply, onEnded }: WriterListeners): Worker {
  // The writer needs no other environment variables, above all no keys, and no command-line options.
  const writer = new Worker(code, { workerData: file, env: compiledCode(), execArgv: [] });
  let cause: Error | undefined;
  writer.on('message', onReply);
  writer.on('messageerror', (error) => {
    cause = error;
    // Later answers can no longer be matched to their writes.
    writer.off('message', onReply);
    void writer.terminate();
  });
  writer.on('error', (error) => {
    cause ??= error;
  });
  writer.on('exit', () => onEnded(cause));
  return writer;
}
