import { setTimeout as sleepUntil } from 'node:timers/promises';
import { AgentError, endsRun, RunCancelled } from './agent-error.ts';
import type { Invocation, RunScope } from './run-scope.ts';
import type { OpenSpan } from './trace-recorder.ts';

/**
 * Runs `work` with a signal that aborts when `outer` does or after `timeoutSeconds`, whichever comes first. Rejects as
 * soon as the signal aborts, even if `work` ignores it. Lost time extends the timeout, but at most doubles it, because
 * this run's own code may have held the thread.
 *
 * @param lostSoFar time in ms for which code has held the thread, or the run has waited for others
 * @throws AgentError `timeout`; RunCancelled; the reason with which `outer` was aborted; errors of `work`
 */
export async function withDeadline<T>(
  agentName: string,
  timeoutSeconds: number,
  outer: AbortSignal,
  lostSoFar: () => number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const deadline = new AbortController();
  const seconds = timeoutSeconds === 1 ? '1 second' : `${timeoutSeconds} seconds`;
  const timeoutMs = timeoutSeconds * 1_000;
  const lostBefore = lostSoFar();
  let givenMs = 0;
  const look = () => {
    const lostMs = Math.min(lostSoFar() - lostBefore, timeoutMs) - givenMs;
    if (lostMs >= 1) {
      givenMs += lostMs;
      timer = setTimeout(look, lostMs);
    } else
      deadline.abort(new AgentError('timeout', `The agent "${agentName}" did not end within ${seconds}.`));
  };
  let timer = setTimeout(look, timeoutMs);
  const signal = AbortSignal.any([outer, deadline.signal]);
  try {
    return await abortable(work(signal), signal);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * The outcome of `work`, or a rejection as soon as `signal` aborts.
 *
 * @throws RunCancelled or the AgentError with which the signal was aborted; errors of `work`
 */
export function abortable<T>(work: T | PromiseLike<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const abort = () => reject(abortReason(signal));
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
    Promise.resolve(work)
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', abort));
  });
}

/** Waits `milliseconds`; rejects like `abortable` if `signal` aborts first. */
export async function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  const waiting = new AbortController();
  try {
    await abortable(sleepUntil(milliseconds, undefined, { signal: waiting.signal }), signal);
  } finally {
    waiting.abort();
  }
}

/** Why an aborted signal ends the run: a timeout, else a cancellation. */
export function abortReason(signal: AbortSignal): Error {
  const reason: unknown = signal.reason;
  return reason instanceof AgentError ? reason : new RunCancelled();
}

/** Share of a wait by which it varies in either direction, so that many runs do not retry at the same moment. */
const jitter = 0.2;

/**
 * Attempts `work` as often as the agent's `retry_options` allow. The wait doubles from `initial_delay` up to
 * `max_delay`; if the provider asks for more than `max_delay`, there is no further attempt. Each wait is a span.
 *
 * @param rerun runs the middleware again, before each further attempt, if the agent asks for that
 * @throws the last attempt's error; immediately anything not retryable, RunCancelled and AgentError `timeout`
 */
export async function withRetries<T>(
  invocation: Invocation,
  parent: OpenSpan,
  work: () => Promise<T>,
  rerun?: () => Promise<void>,
): Promise<T> {
  const before = new Map(invocation.run.occurrences);
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (thrown) {
      const delayMs = retryDelayMs(invocation, attempt, thrown);
      if (delayMs === null) throw thrown;
      await waitBeforeRetry(invocation, parent, attempt + 1, delayMs, thrown);
      forgetSince(invocation, before);
      if (invocation.agent.retry.rerunMiddleware) await rerun?.();
    }
  }
}

/** What the next attempt starts or sends again counts as the same runs and messages. */
function forgetSince({ run }: Invocation, before: ReadonlyMap<string, number>): void {
  run.occurrences.clear();
  for (const [what, count] of before) run.occurrences.set(what, count);
}

/**
 * Counts something that has an effect outside of the run, so that the platform knows it again when the run repeats it.
 *
 * @param what all that distinguishes it
 * @returns how often the run has done it before
 */
export function countOccurrence({ occurrences }: RunScope, what: readonly unknown[]): number {
  const key = JSON.stringify(what);
  const before = occurrences.get(key) ?? 0;
  occurrences.set(key, before + 1);
  return before;
}

function retryDelayMs({ agent, run }: Invocation, attempt: number, thrown: unknown): number | null {
  if (!(thrown instanceof AgentError) || !thrown.retryable || endsRun(thrown)) return null;
  if (attempt >= agent.retry.attempts) return null;
  const { initialDelaySeconds, maxDelaySeconds } = agent.retry;
  const backoffSeconds = Math.min(maxDelaySeconds, initialDelaySeconds * 2 ** (attempt - 1));
  if (thrown.retryAfterMs > maxDelaySeconds * 1_000) return null;
  const random = run.environment.random ?? Math.random;
  const jittered = backoffSeconds * 1_000 * (1 - jitter + 2 * jitter * random());
  return Math.max(jittered, thrown.retryAfterMs);
}

async function waitBeforeRetry(
  { run, agent, signal }: Invocation,
  parent: OpenSpan,
  attempt: number,
  delayMs: number,
  thrown: unknown,
): Promise<void> {
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  await run.trace.span(
    {
      kind: 'retry',
      name: `retry ${attempt} of ${agent.retry.attempts}`,
      parent,
      attributes: { 'retry.attempt': attempt, 'retry.delay_ms': Math.round(delayMs), 'retry.reason': reason },
    },
    () => sleep(delayMs, signal),
  );
}
