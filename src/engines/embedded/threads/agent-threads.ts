import type { Isolation } from '../../../core/interruption.ts';
import type { Log } from '../../../core/ports/log.ts';
import type { AgentThread } from './agent-thread.ts';
import type { ThreadCode } from './thread-messages.ts';
import { ThreadPool } from './thread-pool.ts';

/**
 * The threads that execute the runs of one load of the project: some that runs share, and one for each run that has to be
 * apart from others.
 */
export class AgentThreads {
  readonly code: ThreadCode;
  readonly #log: Log;
  readonly #shared: ThreadPool;
  /** Each with one thread. */
  #alone: ThreadPool[] = [];
  #retired = false;

  /** @param size how many threads runs share */
  constructor(code: ThreadCode, size: number, log: Log) {
    this.code = code;
    this.#log = log;
    this.#shared = new ThreadPool(code, size, log);
  }

  /** Whether another load has taken their place and all of their runs have ended. */
  get haveEnded(): boolean {
    return this.#retired && this.#threads().length === 0;
  }

  /** Starts the threads before the first run needs them. */
  warmUp(): void {
    if (!this.#retired) this.#shared.warmUp();
  }

  /** The thread for a run that is to be as far apart from others as `isolation` says. */
  forRun(isolation: Isolation): AgentThread {
    if (isolation === 'shared') return this.#shared.next();
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
    for (const thread of this.#retired ? this.#threads() : this.#threadsOfOne()) {
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
    return [...this.#shared.threads, ...this.#threadsOfOne()];
  }

  #threadsOfOne(): readonly AgentThread[] {
    return this.#alone.flatMap((pool) => pool.threads);
  }
}
