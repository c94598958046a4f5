import { AgentError, endsRun } from './agent-error.ts';
import { sleep } from './deadline.ts';
import type { Invocation } from './run-scope.ts';
import type { OpenSpan } from './trace-recorder.ts';

/** Share of a wait by which it varies in either direction, so that many runs do not retry at the same moment. */
const jitter = 0.2;

/**
 * Attempts `work` as often as the agent's `retry_options` allow. The wait doubles from `initial_delay` up to
 * `max_delay`; if the provider asks for more than `max_delay`, there is no further attempt. Each wait is a span.
 *
 * @throws the last attempt's error; immediately anything not retryable, RunCancelled and AgentError `timeout`
 */
export async function withRetries<T>(
  invocation: Invocation,
  parent: OpenSpan,
  work: () => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (thrown) {
      const delayMs = retryDelayMs(invocation, attempt, thrown);
      if (delayMs === null) throw thrown;
      await waitBeforeRetry(invocation, parent, attempt + 1, delayMs, thrown);
    }
  }
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
