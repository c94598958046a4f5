import type { Changes } from '../changes.ts';
import type { Database } from '../store/database.ts';
import type { QueueDepthLimiter } from './run-limits.ts';
import { summaryOfRow } from './run-rows.ts';

interface DueParts {
  readonly database: Database;
  readonly changes: Changes;
  readonly queueLimit: QueueDepthLimiter;
  readonly onQueued: (agentName: string) => void;
}

/** Puts scheduled runs that are due by a time (Unix ms) into the queue, as many as one write takes. */
export function queueDueRuns({ database, changes, queueLimit, onQueued }: DueParts) {
  const select = database.statement('SELECT * FROM runs WHERE run_id = ?');
  return async (now: number): Promise<void> => {
    const queued = await database.write('queueDueRuns', now);
    queueLimit.givenBack(queued.length);
    for (const { runId } of queued) {
      changes.publish(() => {
        const row = select.get(runId);
        return row === undefined ? null : { type: 'run.updated', run: summaryOfRow(row) };
      });
    }
    for (const agentName of new Set(queued.map((run) => run.agentName))) onQueued(agentName);
  };
}
