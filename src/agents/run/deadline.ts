import { setTimeout as sleepUntil } from 'node:timers/promises';
import { AgentError, RunCancelled } from './agent-error.ts';

/**
 * Runs `work` with a signal that aborts when `outer` does or after `timeoutSeconds`, whichever comes first. Rejects as
 * soon as the signal aborts, even if `work` ignores it. Time in which code held the thread extends the timeout, but at
 * most doubles it, because this run's own code may have held it.
 *
 * @param heldMs time for which code has held the thread so far, in ms; absent if no other run shares it
 * @throws AgentError `timeout`; RunCancelled; the reason with which `outer` was aborted; errors of `work`
 */
export async function withDeadline<T>(
  agentName: string,
  timeoutSeconds: number,
  outer: AbortSignal,
  heldMs: (() => number) | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const deadline = new AbortController();
  const seconds = timeoutSeconds === 1 ? '1 second' : `${timeoutSeconds} seconds`;
  const timeoutMs = timeoutSeconds * 1_000;
  const heldSoFar = heldMs ?? (() => 0);
  const heldBefore = heldSoFar();
  let givenMs = 0;
  const look = () => {
    const lostMs = Math.min(heldSoFar() - heldBefore, timeoutMs) - givenMs;
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
