import type { AgentProject } from '../../../agents/agent-project.ts';
import { RetryableError } from '../../../core/errors.ts';
import type {
  AgentExecutor,
  AgentHooks,
  AgentOutcome,
  AgentRequest,
} from '../../../core/ports/agent-executor.ts';
import type { Log } from '../../../core/ports/log.ts';
import { AgentThreads } from '../threads/agent-threads.ts';

/** Executes agents in worker threads, so that code that blocks does not keep the engine from accepting. */
export class ThreadedExecutor implements AgentExecutor {
  readonly isShared = true;
  readonly #env: Readonly<Record<string, string>>;
  readonly #size: number;
  readonly #log: Log;
  readonly #maxMegabytes: number;
  #current: AgentThreads | null = null;
  readonly #retired = new Set<AgentThreads>();
  #stopped = false;

  /**
   * @param size how many threads; each executes many runs at a time
   * @param maxMegabytes memory that one thread may use, in MiB
   */
  constructor(
    env: Readonly<Record<string, string | undefined>>,
    size: number,
    log: Log,
    maxMegabytes: number,
  ) {
    this.#env = withoutMissing(env);
    this.#size = size;
    this.#log = log;
    this.#maxMegabytes = maxMegabytes;
  }

  /** From now on, runs get this load of the project; those that are going on keep theirs. */
  use(project: AgentProject, codeFile: string): void {
    const former = this.#current;
    this.#current = new AgentThreads(
      { project, codeFile, env: this.#env, maxMegabytes: this.#maxMegabytes },
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

  /** How many cores' worth of time the threads have used since this was asked last. */
  utilization(): number {
    return this.#current?.utilization() ?? 0;
  }

  /** Ends all threads at once; the runs in them are rejected, to be tried again. */
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
