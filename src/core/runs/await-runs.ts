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
      const run = executed ?? (await engine.signals.whenEnded(runId, deadline));
      if (hasEnded(run.status)) watcher.onEnded?.(run);
      return run;
    }),
  );
  return { outcome: runs.every((run) => hasEnded(run.status)) ? 'ended' : 'timeout', runs, finished };
}

/** The ended run; the queued one if it has to wait for a budget; `null` if this execution could not end it and another one will. */
async function executeHeld(
  engine: Engine,
  run: Run,
  owner: string,
  watcher: RunWatcher,
): Promise<Run | null> {
  try {
    const held: Run = { ...run, status: 'running', startedAt: engine.clock(), attempts: 1 };
    const caller = watcher.callerOf?.(run.runId) ?? {};
    const executed = await executeClaimedRun(engine, held, owner, async () => held, caller);
    if (executed.outcome === 'ended') return { ...held, ...executed.run };
    return executed.outcome === 'waiting' ? run : null;
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
