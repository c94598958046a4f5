import type { AgentProject } from '../../../agents/agent-project.ts';
import { InterruptedRun, RetryableError } from '../../../core/errors.ts';
import type {
  AgentExecutor,
  AgentHooks,
  AgentOutcome,
  AgentRequest,
} from '../../../core/ports/agent-executor.ts';
import type { Log } from '../../../core/ports/log.ts';
import { emptyTrace } from '../../../core/runs/trace.ts';
import { AgentThread } from '../threads/agent-thread.ts';
import { type Execution, endedFromOutside } from '../threads/execution.ts';
import { startProcess } from '../threads/start-process.ts';
import { startThread } from '../threads/start-thread.ts';
import type { ThreadCode, ThreadLimits } from '../threads/thread-messages.ts';

/** Executes agents in worker threads, so that blocking code does not keep the engine from accepting triggers. */
export class ThreadedExecutor implements AgentExecutor {
  readonly isShared = true;
  readonly #env: Readonly<Record<string, string>>;
  readonly #size: number;
  readonly #log: Log;
  readonly #limits: ThreadLimits;
  #current: AgentThreads | null = null;
  readonly #retired = new Set<AgentThreads>();
  #stopped = false;

  /**
   * @param size number of shared threads; each executes many runs at a time
   * @param limits of each thread
   */
  constructor(
    env: Readonly<Record<string, string | undefined>>,
    size: number,
    log: Log,
    limits: ThreadLimits,
  ) {
    this.#env = withoutMissing(env);
    this.#size = size;
    this.#log = log;
    this.#limits = limits;
  }

  /** Uses this load of the project for new runs; runs in progress keep theirs. */
  use(project: AgentProject, codeFile: string): void {
    const former = this.#current;
    this.#current = new AgentThreads(
      { project, codeFile, env: this.#env, ...this.#limits },
      this.#size,
      this.#log,
    );
    if (former === null) return;
    former.retire();
    for (const retired of this.#retired) if (retired.haveEnded) this.#retired.delete(retired);
    this.#retired.add(former);
  }

  /** Starts the threads before the first run needs them. */
  warmUp(): void {
    this.#current?.warmUp();
  }

  async execute(request: AgentRequest, hooks: AgentHooks): Promise<AgentOutcome> {
    const threads = this.#current;
    if (threads === null || this.#stopped) throw new RetryableError('The engine does not execute runs now.');
    const agent = threads.code.project.agents.find(({ name }) => name === request.agentName);
    if (agent === undefined) throw new RetryableError(`The agent "${request.agentName}" was just removed.`);
    try {
      return await new Promise((resolve, reject) => {
        threads.execute({ request, hooks, timeoutSeconds: agent.timeoutSeconds, resolve, reject });
      });
    } finally {
      threads.endIdle();
    }
  }

  /** How many cores' worth of time the threads have used since the last call. */
  utilization(): number {
    return this.#current?.utilization() ?? 0;
  }

  /** Ends all threads immediately. Their runs are rejected and retried. */
  async stop(): Promise<void> {
    this.#stopped = true;
    const all = this.#current === null ? [...this.#retired] : [this.#current, ...this.#retired];
    await Promise.all(all.map((threads) => threads.stop()));
  }
}

function withoutMissing(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const present: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined) present[name] = value;
  }
  return present;
}

/**
 * The threads that execute the runs of one project load: shared ones, and a thread or process of its own for each
 * isolated run.
 */
class AgentThreads {
  readonly code: ThreadCode;
  readonly #log: Log;
  readonly #shared: ThreadPool;
  #apart: AgentThread[] = [];
  #retired = false;

  /** @param size number of shared threads */
  constructor(code: ThreadCode, size: number, log: Log) {
    this.code = code;
    this.#log = log;
    this.#shared = new ThreadPool(code, size, log);
  }

  /** Whether another load has replaced this one and all of its runs have ended. */
  get haveEnded(): boolean {
    return this.#retired && this.#threads().length === 0;
  }

  /** Starts the threads before the first run needs them. */
  warmUp(): void {
    if (!this.#retired) this.#shared.warmUp();
  }

  /** Executes an attempt with the isolation that its request asks for. */
  execute(execution: Execution): void {
    if (execution.request.isolation === 'shared') this.#shared.execute(execution);
    else this.#startApart(execution).execute(execution);
  }

  /** Ends the threads as soon as they are idle: another load has replaced this one. */
  retire(): void {
    this.#retired = true;
    this.endIdle();
  }

  /** How many cores' worth of time the threads have used since the last call. */
  utilization(): number {
    return this.#threads().reduce((sum, thread) => sum + thread.utilization(), 0);
  }

  /** Ends threads that are no longer needed. Call after every run. */
  endIdle(): void {
    for (const thread of this.#apart) if (thread.runsInFlight === 0) void thread.stop();
    if (this.#retired && this.#shared.isIdle) void this.#shared.stop();
  }

  /** Ends all threads immediately; their runs are retried. */
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
    const { graceMs } = this.code;
    const thread = new AgentThread((events) => start(this.code, events), noOther, this.#log, graceMs);
    this.#apart.push(thread);
    return thread;
  }

  /** A thread that has not begun its only run is replaced by a new one. */
  #again(returned: readonly Execution[]): void {
    for (const execution of returned) this.execute(execution);
  }

  #threads(): readonly AgentThread[] {
    this.#apart = this.#apart.filter((thread) => !thread.gone);
    return [...this.#shared.threads, ...this.#apart];
  }
}

/** The threads that runs share. */
class ThreadPool {
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
