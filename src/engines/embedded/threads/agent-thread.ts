import type { EventLoopUtilization } from 'node:perf_hooks';
import { Worker } from 'node:worker_threads';
import { InterruptedRun, messageOf, RetryableError } from '../../../core/errors.ts';
import type { InterruptionRole } from '../../../core/interruption.ts';
import type { AgentHooks, AgentOutcome, AgentRequest } from '../../../core/ports/agent-executor.ts';
import type { Log } from '../../../core/ports/log.ts';
import { emptyTrace, type Trace } from '../../../core/trace.ts';
import { MessageBatch } from './message-batch.ts';
import type { SentRequest, ThreadCode, ThreadReport, ThreadRequest } from './thread-messages.ts';
import { ThreadPulse } from './thread-pulse.ts';

interface Attempt {
  readonly request: AgentRequest;
  readonly hooks: AgentHooks;
  readonly resolve: (outcome: AgentOutcome) => void;
  readonly reject: (reason: RetryableError) => void;
  /** Ends what watches over the attempt. */
  readonly settle: () => void;
  trace: Trace;
}

/** What an agent gets beyond its own timeout to come to its end, before its thread is given up. */
const graceMs = 5_000;
/** Old-generation heap of one thread: room for many runs with files, and an agent that leaks ends alone. */
const maxHeapMegabytes = 1_024;

/** One worker thread with the runs that it executes at the moment. */
export class AgentThread {
  readonly #worker: Worker;
  readonly #log: Log;
  readonly #attempts = new Map<number, Attempt>();
  readonly #requests = new MessageBatch<ThreadRequest>((batch) => this.#worker.postMessage(batch));
  readonly #pulse = new ThreadPulse(() => this.#requests.send({ type: 'ping' }));
  #utilization: EventLoopUtilization;
  #lastId = 0;
  #gone = false;

  /** Starts the thread; requests wait until it is ready. */
  constructor(code: ThreadCode, log: Log) {
    this.#log = log;
    this.#worker = new Worker(new URL('./agent-worker.ts', import.meta.url), {
      workerData: code,
      env: { ...code.env },
      resourceLimits: { maxOldGenerationSizeMb: maxHeapMegabytes },
    });
    this.#utilization = this.#worker.performance.eventLoopUtilization();
    this.#worker.on('message', (reports: readonly ThreadReport[]) => {
      for (const report of reports) this.#take(report);
    });
    this.#worker.on('error', (error) => this.#broke(messageOf(error)));
    this.#worker.on('exit', (exitCode) => this.#broke(`it exited with code ${exitCode}`));
  }

  /** Whether the thread has ended; it takes nothing any more then. */
  get gone(): boolean {
    return this.#gone;
  }

  /** Whether an agent's code holds the thread: it does not answer, and what it is handed has to wait. */
  get isSilent(): boolean {
    return this.#pulse.isSilent;
  }

  get runsInFlight(): number {
    return this.#attempts.size;
  }

  /** The part of its time that the thread was busy since this was asked last, 0 to 1. */
  utilization(): number {
    const { performance } = this.#worker;
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, this.#utilization);
    this.#utilization = now;
    return utilization;
  }

  /**
   * Executes one attempt of a run.
   * @param timeoutSeconds the agent's own; the thread is given up when that passes and the code does not let go
   * @throws InterruptedRun when the thread ends under the run; RetryableError when it could not begin
   */
  execute(request: AgentRequest, hooks: AgentHooks, timeoutSeconds: number): Promise<AgentOutcome> {
    return new Promise((resolve, reject) => {
      const id = ++this.#lastId;
      const cancel = () => this.#requests.send({ type: 'cancel', id });
      const giveUp = setTimeout(() => this.#giveUp(id, timeoutSeconds), timeoutSeconds * 1_000 + graceMs);
      const settle = () => {
        clearTimeout(giveUp);
        hooks.signal.removeEventListener('abort', cancel);
      };
      this.#attempts.set(id, { request, hooks, resolve, reject, settle, trace: emptyTrace });
      this.#requests.send({ type: 'run', id, request: sent(request) });
      this.#pulse.follow();
      hooks.signal.addEventListener('abort', cancel, { once: true });
      if (hooks.signal.aborted) cancel();
    });
  }

  /** Ends the thread at once; what it executes is to be tried again. */
  async stop(): Promise<void> {
    this.#end('bystander', 'the engine stops');
    await this.#worker.terminate();
  }

  #take(report: ThreadReport): void {
    this.#pulse.felt();
    if (report.type === 'alive') return;
    if (report.type === 'stray-error') {
      this.#log.warn('agent.stray-error', { reason: report.message });
      return;
    }
    const attempt = this.#attempts.get(report.id);
    if (attempt === undefined) return;
    if (report.type === 'text') attempt.hooks.onText?.(report.text);
    else if (report.type === 'trace') {
      attempt.trace = report.trace;
      attempt.hooks.onTrace?.(report.trace);
    } else if (report.type === 'load-session') void this.#loadSession(report.id, attempt, report.key);
    else this.#finish(report.id, attempt, report);
  }

  async #loadSession(id: number, { hooks }: Attempt, key: string): Promise<void> {
    try {
      this.#requests.send({ type: 'session-loaded', id, messages: await hooks.loadSession(key) });
    } catch (thrown) {
      this.#requests.send({ type: 'session-not-loaded', id, message: messageOf(thrown) });
    }
  }

  #finish(id: number, attempt: Attempt, report: ThreadReport & { type: 'outcome' | 'broken' }): void {
    this.#attempts.delete(id);
    if (this.#attempts.size === 0) this.#pulse.rest();
    attempt.settle();
    if (report.type === 'outcome') attempt.resolve(report.outcome);
    else attempt.reject(new RetryableError(report.message));
  }

  /** The agent's code holds the thread: its run has failed, the thread ends, and its other runs are tried again. */
  #giveUp(id: number, timeoutSeconds: number): void {
    const attempt = this.#attempts.get(id);
    if (attempt === undefined) return;
    this.#attempts.delete(id);
    attempt.settle();
    attempt.resolve(blockedOutcome(attempt, timeoutSeconds));
    this.#log.warn('agent.blocked-thread', {
      run_id: attempt.request.runId,
      agent: attempt.request.agentName,
      other_runs: this.#attempts.size,
    });
    this.#end(
      'bystander',
      `the agent "${attempt.request.agentName}" held the thread that both ran in, and was ended`,
    );
    void this.stop();
  }

  /** The thread has ended by itself: what it executed alone has done it, what it executed beside others may have. */
  #broke(reason: string): void {
    if (!this.#pulse.isReady) this.#end('bystander', `its thread could not start: ${reason}`);
    else this.#end(this.#attempts.size === 1 ? 'culprit' : 'suspect', `its thread ended: ${reason}`);
  }

  #end(role: InterruptionRole, reason: string): void {
    this.#gone = true;
    this.#pulse.rest();
    const attempts = [...this.#attempts.values()];
    this.#attempts.clear();
    for (const attempt of attempts) {
      attempt.settle();
      attempt.reject(new InterruptedRun(role, reason));
    }
  }
}

function sent({ payload, ...others }: AgentRequest): SentRequest {
  return { ...others, payloadText: payload.text };
}

function blockedOutcome({ request, trace }: Attempt, timeoutSeconds: number): AgentOutcome {
  return {
    outcome: 'failed',
    error: {
      code: 'timeout',
      message: `The agent did not end within ${timeoutSeconds} seconds, and its code held the thread.`,
    },
    tokenUsage: null,
    costUsd: null,
    model: null,
    context: request.context,
    warnings: [],
    trace,
    session: null,
  };
}
