import type { AcceptedTrigger, AwaitedRuns } from '../connectors/accepted-trigger.ts';
import { messageOf } from '../errors.ts';
import type { Engine } from '../ports/engine.ts';
import { executeClaimedRun } from './execute-run.ts';
import { hasEnded, type Run } from './run.ts';

/** The awaited runs, and what continues after the wait. */
interface Awaiting extends AwaitedRuns {
  /** Resolves when everything that was started here has ended; the process must not stop before. Never rejects. */
  readonly finished: Promise<void>;
}

/**
 * Executes the runs that an accepted sync trigger holds, or waits for those executed elsewhere, until all have ended or
 * `deadlineMs` have passed. Runs continue after the deadline.
 *
 * @param onText called with the first run's text as its model writes it
 * @param letGo ends the wait when it aborts
 */
export async function awaitRuns(
  engine: Engine,
  accepted: AcceptedTrigger,
  deadlineMs: number,
  onText?: (text: string) => void,
  letGo?: AbortSignal,
): Promise<Awaiting> {
  const deadline = new AbortController();
  const pass = () => deadline.abort();
  const timer = setTimeout(pass, deadlineMs);
  letGo?.addEventListener('abort', pass);
  if (letGo?.aborted) pass();
  try {
    return await awaitUntil(engine, accepted, deadline.signal, onText);
  } finally {
    clearTimeout(timer);
    letGo?.removeEventListener('abort', pass);
  }
}

async function awaitUntil(
  engine: Engine,
  accepted: AcceptedTrigger,
  deadline: AbortSignal,
  onText: ((text: string) => void) | undefined,
): Promise<Awaiting> {
  const executions = (accepted.held?.runs ?? []).map((run, index) =>
    executeHeld(engine, run, accepted.held?.owner ?? '', index === 0 ? onText : undefined),
  );
  const finished = Promise.all(executions).then(() => undefined);
  const runs = await Promise.all(
    accepted.runIds.map(async (runId, index) => {
      const execution = executions[index];
      const executed = execution === undefined ? null : await Promise.race([execution, aborted(deadline)]);
      return executed ?? engine.signals.whenEnded(runId, deadline);
    }),
  );
  return { outcome: runs.every((run) => hasEnded(run.status)) ? 'ended' : 'timeout', runs, finished };
}

/** The ended run; `null` if this execution could not end it and another one will. */
async function executeHeld(
  engine: Engine,
  run: Run,
  owner: string,
  onText: ((text: string) => void) | undefined,
): Promise<Run | null> {
  try {
    const held: Run = { ...run, status: 'running', startedAt: engine.clock(), attempts: 1 };
    const caller = onText === undefined ? {} : { onText };
    const executed = await executeClaimedRun(engine, held, owner, async () => held, caller);
    return executed.outcome === 'ended' ? { ...held, ...executed.run } : null;
  } catch (thrown) {
    engine.log.warn('run.not-recorded', { run_id: run.runId, reason: messageOf(thrown) });
    return null;
  }
}

function aborted(signal: AbortSignal): Promise<null> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(null);
    signal.addEventListener('abort', () => resolve(null), { once: true });
  });
}
