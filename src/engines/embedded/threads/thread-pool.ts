import { InterruptedRun } from '../../../core/errors.ts';
import type { Log } from '../../../core/ports/log.ts';
import { emptyTrace } from '../../../core/runs/trace.ts';
import { AgentThread } from './agent-thread.ts';
import { type Execution, endedFromOutside } from './execution.ts';
import { startThread } from './start-thread.ts';
import type { ThreadCode } from './thread-messages.ts';

/** Threads that runs share. */
export class ThreadPool {
  readonly #code: ThreadCode;
  readonly #size: number;
  readonly #log: Log;
  #threads: AgentThread[] = [];
  /** What no thread has taken, or begun: the one that waits longest first. Those that a caller waits for pass the others. */
  #waiting: Execution[] = [];
  #stopped = false;

  /** @param size how many threads; while some are silent, as many again may take their place */
  constructor(code: ThreadCode, size: number, log: Log) {
    this.#code = code;
    this.#size = size;
    this.#log = log;
  }

  /** Those that have not ended. */
  get threads(): readonly AgentThread[] {
    this.#threads = this.#threads.filter((thread) => !thread.gone);
    return this.#threads;
  }

  /** Whether nothing is executed here, and nothing waits to be. */
  get isIdle(): boolean {
    return this.#waiting.length === 0 && this.threads.every((thread) => thread.runsInFlight === 0);
  }

  /** Starts all threads before the first run needs them. */
  warmUp(): void {
    while (this.threads.length < this.#size) this.#start();
  }

  /** Executes an attempt in the thread that has the least to do; while none answers, it waits. */
  execute(execution: Execution): void {
    this.#waiting.push(execution);
    this.#place();
  }

  /** Ends all threads; what they execute, and what waits for them, is to be tried again. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const { reject } of this.#waiting.splice(0)) {
      reject(new InterruptedRun('bystander', 'the engine stops'));
    }
    await Promise.all(this.threads.map((thread) => thread.stop()));
  }

  #place(): void {
    while (this.#waiting.length > 0 && !this.#stopped) {
      const thread = this.#next();
      if (thread === null) return;
      const awaited = this.#waiting.findIndex(({ request }) => request.awaited);
      const [execution] = this.#waiting.splice(Math.max(0, awaited), 1);
      if (execution === undefined) return;
      if (execution.hooks.signal.aborted) execution.resolve(endedFromOutside(execution, emptyTrace, null));
      else thread.execute(execution);
    }
  }

  /** The thread with the fewest runs among those that answer, started where it is missing; `null` where none answers. */
  #next(): AgentThread | null {
    const { threads } = this;
    const answering = threads.filter((thread) => !thread.isSilent);
    const idlest = withFewestRuns(answering);
    if (idlest?.runsInFlight === 0) return idlest;
    const mayStart = answering.length < this.#size && threads.length < 2 * this.#size;
    return mayStart ? this.#start() : idlest;
  }

  #start(): AgentThread {
    const thread = new AgentThread(
      (events) => startThread(this.#code, events),
      {
        onFree: () => this.#place(),
        onReturned: (executions) => {
          this.#waiting.unshift(...executions);
          this.#place();
        },
      },
      this.#log,
      this.#code.graceMs,
    );
    this.#threads.push(thread);
    return thread;
  }
}

function withFewestRuns(threads: readonly AgentThread[]): AgentThread | null {
  let least: AgentThread | null = null;
  for (const thread of threads) {
    if (least === null || thread.runsInFlight < least.runsInFlight) least = thread;
  }
  return least;
}
