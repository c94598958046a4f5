import type { EventLoopUtilization } from 'node:perf_hooks';
import { Worker } from 'node:worker_threads';
import { messageOf, RetryableError } from '../../../core/errors.ts';
import type { Log } from '../../../core/ports/log.ts';
import { compiledCode } from '../threads/compiled-code.ts';
import type { Failure, WriteReply, WriteRequest } from '../writes/write-batch.ts';
import type { WriteName, WriteOperations } from '../writes/write-operations.ts';
import { Connection, type Statement } from './connection.ts';

interface AwaitedWrite {
  /** Gets what the operation of the request returned. */
  readonly resolve: (result: never) => void;
  readonly reject: (thrown: Error) => void;
}

/**
 * The database as the rest of the engine knows it: reads go through a connection of this thread and see what is committed;
 * every change is an operation of the writer, a thread that has the only connection that writes. What is asked for
 * while it works goes to it as one message, and shares a transaction: throughput does
 * not depend on the disk's fsync, and nobody here waits for it.
 */
export class Database {
  readonly #file: string;
  readonly #log: Log;
  readonly #writerCode: URL;
  readonly #reader: Connection;
  #requests: WriteRequest[] = [];
  /** In the order of their requests, which is the order of the replies. */
  #awaited: AwaitedWrite[] = [];
  #unansweredMessages = 0;
  #writer: Worker | null = null;
  #utilization: EventLoopUtilization | undefined;
  #closed = false;

  /**
   * Opens a database file that `prepareDatabase` has brought to this version.
   * @param code what the writer's thread executes
   * @throws RetryableError when the file cannot be opened
   */
  constructor(file: string, log: Log, code = writerCode) {
    this.#file = file;
    this.#log = log;
    this.#writerCode = code;
    this.#reader = new Connection(file, 'read');
  }

  /** A statement that reads, to be kept and used many times. */
  statement(sql: string): Statement {
    return this.#reader.statement(sql);
  }

  /**
   * Has the writer do one of its operations; resolves with what that returned, once it is durable.
   *
   * @throws RetryableError when the disk is full or broken, or the engine has stopped: nothing was written then; and
   *   when the writer ends before it has answered: as after a crash, it may be written or not
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

  /** As `write`, for what is a batch by itself: it waits for nothing that this turn of the event loop may still bring. */
  writeAtOnce<Name extends WriteName>(
    name: Name,
    ...args: Parameters<WriteOperations[Name]>
  ): Promise<ReturnType<WriteOperations[Name]>> {
    const written = this.write(name, ...args);
    this.#send();
    return written;
  }

  /** The part of its time that the writer was busy, waiting for the disk included, since this was asked last: 0 to 1. */
  utilization(): number {
    if (this.#writer === null) return 0;
    const { performance } = this.#writer;
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, this.#utilization);
    this.#utilization = now;
    return utilization;
  }

  /** Closes the file. What was asked for before is written first. */
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

  /** One message at a time: what comes meanwhile is the next one, and so one commit instead of many small ones. */
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
      // The system gives no thread, most likely.
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

  /** What comes after the end of a writer gets another one. */
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
  /** Called once; with what ended the thread, where it did not end by itself. */
  readonly onEnded: (cause: Error | undefined) => void;
}

/** The code of the thread that changes the database. */
export const writerCode = new URL('../writes/writer-thread.ts', import.meta.url);

/** Starts a thread that writes to the database file. One whose answer cannot be read is ended: what it did is unknown. */
function startWriter(file: string, code: URL, { onReply, onEnded }: WriterListeners): Worker {
  // Nothing else of the environment, above all no key, and no option of the command line is needed there.
  const writer = new Worker(code, { workerData: file, env: compiledCode(), execArgv: [] });
  let cause: Error | undefined;
  writer.on('message', onReply);
  writer.on('messageerror', (error) => {
    cause = error;
    // Which of the writes a later answer is for cannot be told any more.
    writer.off('message', onReply);
    void writer.terminate();
  });
  writer.on('error', (error) => {
    cause ??= error;
  });
  writer.on('exit', () => onEnded(cause));
  return writer;
}
