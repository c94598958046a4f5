import type { AcceptedTrigger, AwaitedRuns } from '../connectors/accepted-trigger.ts';
import { messageOf } from '../errors.ts';
import type { Engine } from '../ports/engine.ts';
import { type Caller, executeClaimedRun } from './execute-run.ts';
import { hasEnded, type Run } from './run.ts';

/** The awaited runs, and what continues after the wait. */
interface Awaiting extends AwaitedRuns {
  /** Resolves when everything that was started here has ended; the process must not stop before. Never rejects. */
  readonly finished: Promise<void>;
}

/** What a caller hears of the runs while it waits. */
export interface RunWatcher {
  /** Who hears of a run that is executed here; `null` for nobody. */
  readonly callerOf?: (runId: string) => Caller | null;
  /** A run has ended; called before the wait is over, once for each. */
  readonly onEnded?: (run: Run) => void;
}

/**
 * Executes the runs that an accepted sync trigger holds, or waits for those executed elsewhere, until all have ended or
 * `deadlineMs` have passed. Runs continue after the deadline.
 *
 * @param letGo ends the wait when it aborts
 */
export async function awaitRuns(
  engine: Engine,
  accepted: AcceptedTrigger,
  deadlineMs: number,
  watcher: RunWatcher = {},
  letGo?: AbortSignal,
): Promise<Awaiting> {
  const deadline = new AbortController();
  const pass = () => deadline.abort();
  const timer = setTimeout(pass, deadlineMs);
  letGo?.addEventListener('abort', pass);
  if (letGo?.aborted) pass();
  try {
    return await awaitUntil(engine, accepted, deadline.signal, watcher);
  } finally {
    clearTimeout(timer);
    letGo?.removeEventListener('abort', pass);
  }
}

async function awaitUntil(
  engine: Engine,
  accepted: AcceptedTrigger,
  deadline: AbortSignal,
  watcher: RunWatcher,
): Promise<Awaiting> {
  const executions = (accepted.held?.runs ?? []).map((run) =>
    executeHeld(engine, run, accepted.held?.owner ?? '', watcher),
  );
  const finished = Promise.all(executions).then(() => undefined);
  const runs = await Promise.all(
    accepted.runIds.map(async (runId, index) => {
      const execution = executions[index];
      const executed = execution === undefined ? null : await Promise.race([execution, aborted(deadline)]);
      const awaited = executed ?? { run: await engine.signals.whenEnded(runId, deadline), isHeld: false };
      if (hasEnded(awaited.run.status)) watcher.onEnded?.(awaited.run);
      return awaited;
    }),
  );
  const isEnded = runs.every(({ run }) => hasEnded(run.status));
  const isHeld = runs.some((awaited) => awaited.isHeld);
  const outcome = isEnded ? 'ended' : accepted.waits ? 'paused' : isHeld ? 'held' : 'timeout';
  return { outcome, runs: runs.map(({ run }) => run), finished };
}

interface Executed {
  readonly run: Run;
  /** Whether the run waits for a budget that is used up. */
  readonly isHeld: boolean;
}

/** The ended run, or one that waits for a budget; `null` if this execution could not end it and another one will. */
async function executeHeld(
  engine: Engine,
  run: Run,
  owner: string,
  watcher: RunWatcher,
): Promise<Executed | null> {
  try {
    const held: Run = { ...run, status: 'running', startedAt: run.queuedAt, attempts: 1 };
    const caller = watcher.callerOf?.(run.runId) ?? {};
    const executed = await executeClaimedRun(engine, held, owner, async () => held, caller);
    if (executed.outcome === 'ended') return { run: { ...held, ...executed.run }, isHeld: false };
    return executed.outcome === 'waiting' && executed.isHeld ? { run, isHeld: true } : null;
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
