import { InterruptedRun } from '../../../core/errors.ts';
import type { Log } from '../../../core/ports/log.ts';
import { emptyTrace } from '../../../core/runs/trace.ts';
import { AgentThread } from './agent-thread.ts';
import { type Execution, endedFromOutside } from './execution.ts';
import { startThread } from './start-thread.ts';
import type { ThreadCode } from './thread-messages.ts';

/** The threads that runs share. */
export class ThreadPool {
  readonly #code: ThreadCode;
  readonly #size: number;
  readonly #log: Log;
  #threads: AgentThread[] = [];
  /** Executions without a thread, longest wait first. Awaited ones overtake the others. */
  #waiting: Execution[] = [];
  #stopped = false;

  /** @param size number of threads; while some are silent, as many again may replace them */
  constructor(code: ThreadCode, size: number, log: Log) {
    this.#code = code;
    this.#size = size;
    this.#log = log;
  }

  /** Threads that have not ended. */
  get threads(): readonly AgentThread[] {
    this.#threads = this.#threads.filter((thread) => !thread.gone);
    return this.#threads;
  }

  /** Whether nothing is being executed or waiting. */
  get isIdle(): boolean {
    return this.#waiting.length === 0 && this.threads.every((thread) => thread.runsInFlight === 0);
  }

  /** Starts all threads before the first run needs them. */
  warmUp(): void {
    while (this.threads.length < this.#size) this.#start();
  }

  /** Executes an attempt in the least busy thread; waits while no thread answers. */
  execute(execution: Execution): void {
    this.#waiting.push(execution);
    this.#place();
  }

  /** Ends all threads; running and waiting attempts are retried. */
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

  /** The answering thread with the fewest runs, started if missing; `null` if none answers. */
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
