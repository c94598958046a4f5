import type { Log } from '../../../core/ports/log.ts';
import { AgentThread } from './agent-thread.ts';
import type { ThreadCode } from './thread-messages.ts';

/** The threads that execute the runs of one load of the project. */
export class AgentThreads {
  readonly code: ThreadCode;
  readonly #size: number;
  readonly #log: Log;
  #threads: AgentThread[] = [];
  #retired = false;

  constructor(code: ThreadCode, size: number, log: Log) {
    this.code = code;
    this.#size = size;
    this.#log = log;
  }

  /** Whether another load has taken their place and all of their runs have ended. */
  get haveEnded(): boolean {
    return this.#retired && this.#threads.every((thread) => thread.gone);
  }

  /** Starts the threads before the first run needs them. */
  warmUp(): void {
    while (!this.#retired && this.#threads.length < this.#size) this.#start();
  }

  /** The thread with the fewest runs; started where it is missing. */
  next(): AgentThread {
    this.#threads = this.#threads.filter((thread) => !thread.gone);
    const [first, ...others] = this.#threads;
    if (first === undefined) return this.#start();
    const idlest = others.reduce(
      (least, thread) => (thread.runsInFlight < least.runsInFlight ? thread : least),
      first,
    );
    return idlest.runsInFlight > 0 && this.#threads.length < this.#size ? this.#start() : idlest;
  }

  /** Lets the threads end as soon as they have nothing to do: another load has taken their place. */
  retire(): void {
    this.#retired = true;
    this.endIdle();
  }

  /** How many cores' worth of time the threads have used since this was asked last. */
  utilization(): number {
    return this.#threads.reduce((sum, thread) => sum + thread.utilization(), 0);
  }

  /** To be called after every run. */
  endIdle(): void {
    if (!this.#retired) return;
    for (const thread of this.#threads) {
      if (!thread.gone && thread.runsInFlight === 0) void thread.stop();
    }
    this.#threads = this.#threads.filter((thread) => !thread.gone);
  }

  /** Ends all threads at once; what they execute is to be tried again. */
  async stop(): Promise<void> {
    this.#retired = true;
    await Promise.all(this.#threads.map((thread) => thread.stop()));
  }

  #start(): AgentThread {
    const thread = new AgentThread(this.code, this.#log);
    this.#threads.push(thread);
    return thread;
  }
}
