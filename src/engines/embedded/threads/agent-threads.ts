import type { Log } from '../../../core/ports/log.ts';
import type { AgentThread } from './agent-thread.ts';
import type { ThreadCode } from './thread-messages.ts';
import { ThreadPool } from './thread-pool.ts';

/**
 * The threads that execute the runs of one load of the project. A run that was interrupted may be the one that ended its
 * thread: its second attempt shares a thread only with others like it, every later one has a thread to itself.
 */
export class AgentThreads {
  readonly code: ThreadCode;
  readonly #log: Log;
  readonly #first: ThreadPool;
  readonly #second: ThreadPool;
  /** Each with one thread. */
  #alone: ThreadPool[] = [];
  #retired = false;

  /** @param size how many threads for first attempts; of the others there are as many as are needed */
  constructor(code: ThreadCode, size: number, log: Log) {
    this.code = code;
    this.#log = log;
    this.#first = new ThreadPool(code, size, log);
    this.#second = new ThreadPool(code, size, log);
  }

  /** Whether another load has taken their place and all of their runs have ended. */
  get haveEnded(): boolean {
    return this.#retired && this.#threads().length === 0;
  }

  /** Starts the threads before the first run needs them. */
  warmUp(): void {
    if (!this.#retired) this.#first.warmUp();
  }

  /** The thread for an attempt of a run, which counts from 1. */
  forAttempt(attempt: number): AgentThread {
    if (attempt <= 1) return this.#first.next();
    if (attempt === 2) return this.#second.next();
    const pool = new ThreadPool(this.code, 1, this.#log);
    this.#alone.push(pool);
    return pool.next();
  }

  /** Lets the threads end as soon as they have nothing to do: another load has taken their place. */
  retire(): void {
    this.#retired = true;
    this.endIdle();
  }

  /** How many cores' worth of time the threads have used since this was asked last. */
  utilization(): number {
    return this.#threads().reduce((sum, thread) => sum + thread.utilization(), 0);
  }

  /** Ends threads that nobody needs any more. To be called after every run. */
  endIdle(): void {
    for (const thread of this.#retired ? this.#threads() : this.#threadsOfRetries()) {
      if (thread.runsInFlight === 0) void thread.stop();
    }
    this.#alone = this.#alone.filter((pool) => pool.threads.length > 0);
  }

  /** Ends all threads at once; what they execute is to be tried again. */
  async stop(): Promise<void> {
    this.#retired = true;
    await Promise.all(this.#threads().map((thread) => thread.stop()));
  }

  #threads(): readonly AgentThread[] {
    return [...this.#first.threads, ...this.#threadsOfRetries()];
  }

  #threadsOfRetries(): readonly AgentThread[] {
    return [this.#second, ...this.#alone].flatMap((pool) => pool.threads);
  }
}
