import { messageOf, PermanentError } from '../../../core/errors.ts';
import type { Log } from '../../../core/ports/log.ts';
import type { RunSignals } from '../../../core/ports/run-signals.ts';
import { hasEnded, type Run } from '../../../core/runs/run.ts';
import { changesSince, type WatchedStores } from '../changes-since.ts';
import { pause } from '../pause.ts';
import { completeRun, findRun, type RunRecords } from './run-records.ts';
import { isAnnouncedNow, messageDelay } from './scheduled-runs.ts';

/** A caller waits, so the first checks come soon. After that, most runs take as long as a model does. */
const endPausesMs = [100, 150, 250, 400, 700, 1_000];

/** Maximum time until an operator's cancellation reaches the executor. */
const cancelPauseMs = 3_000;

/** Delay of changes on a page. Each check reads the newest of three lists, so checking more often costs more. */
const askPauseMs = 5_000;

/**
 * Signals between functions that share only the table: a waiting function polls the record. Queue messages announce
 * runs.
 */
export function runSignals(records: RunRecords, stores: WatchedStores, log: Log): RunSignals {
  return {
    onCancel(runId, listener) {
      const watching = new AbortController();
      void watchCancel(records, runId, listener, watching.signal, log);
      return () => watching.abort();
    },
    whenEnded: (runId, signal) => whenEnded(records, runId, signal),
    async announceQueued(runs) {
      const now = records.clock();
      const soon = runs.filter(({ scheduledAt }) => scheduledAt === null || isAnnouncedNow(scheduledAt, now));
      await records.queue.send(
        soon.map(({ runId, agentName, scheduledAt }) => ({
          id: runId,
          group: agentName,
          ...(scheduledAt === null ? {} : { delayMs: messageDelay(scheduledAt, now) }),
        })),
      );
    },
    changes: { kind: 'asked', pauseMs: askPauseMs, since: (place) => changesSince(stores, place) },
  };
}

async function whenEnded(records: RunRecords, runId: string, signal: AbortSignal): Promise<Run> {
  for (let look = 0; ; look++) {
    const found = await findRun(records, runId);
    if (found === null) throw new PermanentError('run-not-found', `There is no run "${runId}".`);
    if (hasEnded(found.status) || signal.aborted) return completeRun(records, found);
    await pause(endPausesMs[look] ?? endPausesMs.at(-1) ?? 0, signal);
  }
}

async function watchCancel(
  records: RunRecords,
  runId: string,
  listener: () => void,
  signal: AbortSignal,
  log: Log,
): Promise<void> {
  while (await pause(cancelPauseMs, signal)) {
    try {
      const run = await findRun(records, runId);
      if (signal.aborted || run === null || hasEnded(run.status)) return;
      if (run.cancelRequested) return listener();
    } catch (thrown) {
      log.warn('cancellation.not-read', { run_id: runId, reason: messageOf(thrown) });
    }
  }
}
