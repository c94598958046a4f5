import type { CallVerdict } from '../../../core/budgets/model-call.ts';
import { InterruptedRun, messageOf, RetryableError } from '../../../core/errors.ts';
import type { AgentHooks, AgentOutcome, AgentRequest } from '../../../core/ports/agent-executor.ts';
import type { Log } from '../../../core/ports/log.ts';
import type { InterruptionRole } from '../../../core/runs/run.ts';
import { emptyTrace, type Trace } from '../../../core/runs/trace.ts';
import { type Execution, endedFromOutside } from './execution.ts';
import { type AgentHost, type HostEvents, ThreadHeartbeat } from './start-thread.ts';
import {
  type Answer,
  type BeginMark,
  beginMark,
  begunAt,
  MessageBatch,
  type Question,
  type SentRequest,
  type ThreadReport,
  type ThreadRequest,
  takeBack,
} from './thread-messages.ts';

interface Attempt {
  readonly execution: Execution;
  /** `null` if the host cannot see the mark: it has a single attempt, and begins it as soon as it is ready. */
  readonly mark: BeginMark | null;
  readonly stopListening: () => void;
  /** The thread's total silence so far, in ms, when it was handed this attempt. */
  readonly silentMsBefore: number;
  /** When its cancellation was requested, in ns of `process.hrtime.bigint()`. */
  cancelledAt: bigint | null;
  trace: Trace;
}

const unlimited: CallVerdict = { outcome: 'granted', reservation: null };

/** Missed answers in a row after which a thread counts as held. A paused process answers sooner. */
const silencesOfHeldThread = 4;
/** The same for a thread that only code of ended runs can hold: 10 s. */
const silencesOfLostThread = 40;

export interface ThreadEvents {
  /** The thread can take work again, or has ended. */
  readonly onFree: () => void;
  /** Gets what the thread was handed and will not begin. */
  readonly onReturned: (executions: readonly Execution[]) => void;
}

/** One thread or separate process, with the runs that it is executing. */
export class AgentThread {
  readonly #host: AgentHost;
  readonly #events: ThreadEvents;
  readonly #log: Log;
  readonly #attempts = new Map<number, Attempt>();
  readonly #requests = new MessageBatch<ThreadRequest>((batch) => this.#host.post(batch));
  readonly #heartbeat = new ThreadHeartbeat(
    () => this.#requests.send({ type: 'ping' }),
    () => this.#onSilence(),
  );
  readonly #graceNs: bigint;
  #lastId = 0;
  #gone = false;
  #judgedAgainAt = 0n;

  /**
   * @param start starts the host; requests wait until it is ready
   * @param graceMs how long an agent may overrun its timeout or cancellation before its thread is ended
   */
  constructor(start: (events: HostEvents) => AgentHost, events: ThreadEvents, log: Log, graceMs: number) {
    this.#graceNs = nanoseconds(graceMs);
    this.#events = events;
    this.#log = log;
    this.#host = start({
      onReports: (reports) => {
        for (const report of reports) this.#take(report);
      },
      onEnded: (reason) => this.#broke(reason),
    });
  }

  /** Whether the thread has ended; it then takes no more work. */
  get gone(): boolean {
    return this.#gone;
  }

  /** Whether an agent's code holds the thread: it does not answer, and new work would have to wait. */
  get isSilent(): boolean {
    return this.#heartbeat.silences > 0;
  }

  get runsInFlight(): number {
    return this.#attempts.size;
  }

  utilization(): number {
    return this.#host.utilization();
  }

  /**
   * Executes an attempt; `execution` gets the outcome. Rejects with InterruptedRun when the thread ends under the run,
   * and with RetryableError when the attempt cannot be made.
   */
  execute(execution: Execution): void {
    const { request, hooks } = execution;
    const id = ++this.#lastId;
    const mark = this.#host.kind === 'thread' ? beginMark() : null;
    const cancel = () => {
      attempt.cancelledAt = process.hrtime.bigint();
      this.#requests.send({ type: 'cancel', id });
    };
    const stopListening = () => hooks.signal.removeEventListener('abort', cancel);
    const attempt: Attempt = {
      execution,
      mark,
      stopListening,
      silentMsBefore: this.#heartbeat.silentMs,
      cancelledAt: null,
      trace: emptyTrace,
    };
    this.#attempts.set(id, attempt);
    this.#requests.send({ type: 'run', id, request: sent(request), mark });
    this.#heartbeat.follow();
    hooks.signal.addEventListener('abort', cancel, { once: true });
    if (hooks.signal.aborted) cancel();
  }

  /** Ends the thread immediately; its runs are retried. */
  async stop(): Promise<void> {
    this.#end('bystander', 'the engine stops');
    await this.#host.terminate();
  }

  #take(report: ThreadReport): void {
    const wasSilent = this.isSilent;
    this.#heartbeat.beat();
    if (this.#attempts.size === 0) this.#heartbeat.rest();
    if (wasSilent) this.#events.onFree();
    if (report.type === 'alive') return;
    if (report.type === 'stray-error') {
      this.#log.warn('agent.stray-error', { reason: report.message });
      return;
    }
    const attempt = this.#attempts.get(report.id);
    if (attempt === undefined) return;
    const { hooks } = attempt.execution;
    if (report.type === 'text') hooks.onText?.(report.text);
    else if (report.type === 'trace') {
      attempt.trace = report.trace;
      hooks.onTrace?.(report.trace);
    } else if (report.type === 'load-session') void this.#loadSession(report.id, attempt, report.key);
    else if (report.type === 'reserve') void this.#reserve(report.id, attempt, report);
    else if (report.type === 'settle') void hooks.budget?.settle(report.reservation, report.used);
    else if (report.type === 'ask') void this.#answer(report.id, attempt, report);
    else this.#finish(report.id, attempt, report);
  }

  async #loadSession(id: number, { execution }: Attempt, key: string): Promise<void> {
    try {
      const messages = await execution.hooks.loadSession(key);
      this.#requests.send({ type: 'session-loaded', id, messages });
    } catch (thrown) {
      this.#requests.send({ type: 'session-not-loaded', id, message: messageOf(thrown) });
    }
  }

  async #reserve(
    id: number,
    { execution }: Attempt,
    { call, planned }: ThreadReport & { type: 'reserve' },
  ): Promise<void> {
    try {
      const verdict = await execution.hooks.budget?.reserve(planned);
      this.#requests.send({ type: 'reserved', id, call, verdict: verdict ?? unlimited });
    } catch (thrown) {
      this.#requests.send({ type: 'not-reserved', id, call, message: messageOf(thrown) });
    }
  }

  async #answer(
    id: number,
    { execution }: Attempt,
    { call, question }: ThreadReport & { type: 'ask' },
  ): Promise<void> {
    try {
      const answer = await answerOf(execution.hooks, question);
      this.#requests.send({ type: 'answered', id, call, answer });
    } catch (thrown) {
      this.#requests.send({ type: 'not-answered', id, call, message: messageOf(thrown) });
    }
  }

  #finish(id: number, attempt: Attempt, report: ThreadReport & { type: 'outcome' | 'broken' }): void {
    this.#remove(id, attempt);
    if (report.type === 'outcome') attempt.execution.resolve(report.outcome);
    else attempt.execution.reject(new RetryableError(report.message));
  }

  #remove(id: number, attempt: Attempt): void {
    this.#attempts.delete(id);
    attempt.stopListening();
    // A held thread is still followed: its code may never let go.
    if (this.#attempts.size === 0 && !this.isSilent) this.#heartbeat.rest();
  }

  /** Moves what the thread has not begun to another one, and checks that the rest ends in time. */
  #onSilence(): void {
    this.#returnWaiting();
    const { silences } = this.#heartbeat;
    if (this.#attempts.size > 0 && silences >= silencesOfHeldThread) void this.#judge();
    if (this.#attempts.size === 0 && silences >= silencesOfLostThread) void this.stop();
  }

  #returnWaiting(): void {
    const returned: Execution[] = [];
    for (const [id, attempt] of this.#attempts) {
      if (attempt.mark === null || !takeBack(attempt.mark)) continue;
      this.#remove(id, attempt);
      returned.push(attempt.execution);
    }
    if (returned.length > 0) this.#events.onReturned(returned);
  }

  /**
   * Ends the thread if the run whose code holds it is overdue. A run that only waits for the thread keeps waiting,
   * however late it is.
   */
  async #judge(): Promise<void> {
    if (
      process.hrtime.bigint() < this.#judgedAgainAt ||
      !this.#values().some((attempt) => this.#isOverdue(attempt))
    )
      return;
    this.#judgedAgainAt = process.hrtime.bigint() + this.#graceNs;
    const holder = await this.#holder();
    if (this.#gone || !this.isSilent) return;
    if (holder !== null) {
      if (this.#isOverdue(holder)) this.#giveUp(holder);
      return;
    }
    // Whichever run holds the thread, it is overdue.
    if (this.#values().every((attempt) => this.#isOverdue(attempt)))
      void this.#breakOff('suspect', 'code of one of the runs in its thread blocked the thread for too long');
  }

  async #holder(): Promise<Attempt | null> {
    const [only, ...others] = this.#values();
    if (only !== undefined && others.length === 0) return only;
    const id = await this.#host.holder();
    return id === null ? null : (this.#attempts.get(id) ?? null);
  }

  #values(): readonly Attempt[] {
    return [...this.#attempts.values()];
  }

  #isOverdue({ execution, mark, cancelledAt, silentMsBefore }: Attempt): boolean {
    const begun = mark === null ? this.#heartbeat.readyAt : begunAt(mark);
    if (begun === null) return false;
    const now = process.hrtime.bigint();
    const timeoutMs = execution.timeoutSeconds * 1_000;
    // Time in which the thread was silent does not count, up to the amount that the thread itself gives back.
    const lostMs = Math.min(this.#heartbeat.silentMs - silentMsBefore, timeoutMs);
    const hasTimedOut = now - begun > nanoseconds(timeoutMs + lostMs) + this.#graceNs;
    return hasTimedOut || (cancelledAt !== null && now - cancelledAt > this.#graceNs);
  }

  /** Ends the run whose code holds the thread, and the thread; the other runs are retried. */
  #giveUp(holder: Attempt): void {
    const { request } = holder.execution;
    for (const [id, attempt] of this.#attempts) if (attempt === holder) this.#remove(id, attempt);
    this.#log.warn('agent.blocked-thread', {
      run_id: request.runId,
      agent: request.agentName,
      other_runs: this.#attempts.size,
    });
    holder.execution.resolve(outcomeOfHolder(holder));
    void this.#breakOff('bystander', `a run of the agent "${request.agentName}" blocked its thread`);
  }

  async #breakOff(role: InterruptionRole, reason: string): Promise<void> {
    this.#end(role, reason);
    await this.#host.terminate();
  }

  /** The thread has ended on its own: a run that was alone caused it, and each of several runs may have. */
  #broke(reason: string): void {
    if (this.#gone) return;
    const { kind } = this.#host;
    if (this.#heartbeat.readyAt === null) {
      this.#end('bystander', `its ${kind} could not start: ${reason}`);
      return;
    }
    this.#returnWaiting();
    this.#end(this.#attempts.size === 1 ? 'culprit' : 'suspect', `its ${kind} ended: ${reason}`);
  }

  #end(role: InterruptionRole, reason: string): void {
    this.#gone = true;
    this.#heartbeat.rest();
    for (const [id, attempt] of this.#attempts) {
      this.#remove(id, attempt);
      attempt.execution.reject(new InterruptedRun(role, reason));
    }
    this.#events.onFree();
  }
}

async function answerOf(hooks: AgentHooks, { trigger, targetsOf, send }: Question): Promise<Answer> {
  if (trigger !== undefined) return { triggered: await hooks.trigger(trigger) };
  if (targetsOf !== undefined) return { targets: await hooks.sendTargets(targetsOf) };
  return send === undefined ? {} : { sent: await hooks.send(send) };
}

function sent({ payload, ...others }: AgentRequest): SentRequest {
  return { ...others, payloadText: payload.text };
}

function nanoseconds(ms: number): bigint {
  return BigInt(Math.round(ms)) * 1_000_000n;
}

function outcomeOfHolder({ execution, cancelledAt, trace }: Attempt): AgentOutcome {
  if (cancelledAt !== null) return endedFromOutside(execution, trace, null);
  return endedFromOutside(execution, trace, {
    code: 'timeout',
    message: `The agent did not end within ${execution.timeoutSeconds} seconds, and its code blocked the thread.`,
  });
}
