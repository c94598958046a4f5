import type { Log } from '../../../core/ports/log.ts';
import { AgentThread } from './agent-thread.ts';
import type { Execution } from './execution.ts';
import { startProcess } from './start-process.ts';
import { startThread } from './start-thread.ts';
import type { ThreadCode } from './thread-messages.ts';
import { ThreadPool } from './thread-pool.ts';

/**
 * The threads that execute the runs of one load of the project: some that runs share, and for each run that has to be apart
 * from others a thread or a process of its own.
 */
export class AgentThreads {
  readonly code: ThreadCode;
  readonly #log: Log;
  readonly #shared: ThreadPool;
  #apart: AgentThread[] = [];
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

  /** Executes an attempt as far apart from others as its request says. */
  execute(execution: Execution): void {
    if (execution.request.isolation === 'shared') this.#shared.execute(execution);
    else this.#startApart(execution).execute(execution);
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
    for (const thread of this.#apart) if (thread.runsInFlight === 0) void thread.stop();
    if (this.#retired && this.#shared.isIdle) void this.#shared.stop();
  }

  /** Ends all threads at once; what they execute is to be tried again. */
  async stop(): Promise<void> {
    this.#retired = true;
    await Promise.all([this.#shared.stop(), ...this.#apart.map((thread) => thread.stop())]);
  }

  #startApart({ request }: Execution): AgentThread {
    const start = request.isolation === 'process' ? startProcess : startThread;
    const noOther = {
      onFree: () => undefined,
      onReturned: (returned: readonly Execution[]) => this.#again(returned),
    };
    const thread = new AgentThread((events) => start(this.code, events), noOther, this.#log);
    this.#apart.push(thread);
    return thread;
  }

  /** A thread that has not begun its only run gets another one in its place. */
  #again(returned: readonly Execution[]): void {
    for (const execution of returned) this.execute(execution);
  }

  #threads(): readonly AgentThread[] {
    this.#apart = this.#apart.filter((thread) => !thread.gone);
    return [...this.#shared.threads, ...this.#apart];
  }
}
