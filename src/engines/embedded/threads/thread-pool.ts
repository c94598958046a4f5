import type { Log } from '../../../core/ports/log.ts';
import { AgentThread } from './agent-thread.ts';
import type { ThreadCode } from './thread-messages.ts';

/** Threads that share the runs of one kind. */
export class ThreadPool {
  readonly #code: ThreadCode;
  readonly #size: number;
  readonly #log: Log;
  #threads: AgentThread[] = [];

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

  /** Starts all threads before the first run needs them. */
  warmUp(): void {
    while (this.threads.length < this.#size) this.#start();
  }

  /** The thread with the fewest runs among those that answer; started where it is missing. */
  next(): AgentThread {
    const { threads } = this;
    const answering = threads.filter((thread) => !thread.isSilent);
    const idlest = withFewestRuns(answering);
    if (idlest?.runsInFlight === 0) return idlest;
    const mayStart = answering.length < this.#size && threads.length < 2 * this.#size;
    return mayStart ? this.#start() : (idlest ?? withFewestRuns(threads) ?? this.#start());
  }

  #start(): AgentThread {
    const thread = new AgentThread(this.#code, this.#log);
    this.#threads.push(thread);
    return thread;
  }
}

function withFewestRuns([first, ...others]: readonly AgentThread[]): AgentThread | undefined {
  if (first === undefined) return undefined;
  return others.reduce((least, thread) => (thread.runsInFlight < least.runsInFlight ? thread : least), first);
}
