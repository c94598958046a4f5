import { PermanentError } from '../../../core/errors.ts';
import type { SentThrough } from '../../../core/ports/run-store.ts';
import type { Run } from '../../../core/runs/run.ts';
import type { Action } from '../store/expressions.ts';
import { triggerKey } from '../store/keys.ts';
import { maxAgentsPerTrigger } from './dispatch-runs.ts';
import type { RunRecords } from './run-records.ts';
import { newRunItem } from './stored-run.ts';

const isUnsent = { expression: 'attribute_exists(#filtered) AND attribute_not_exists(#sentAt)' };

/** `RunStore.sendThrough`: one transaction marks the trigger and stores the runs. */
export async function sendThrough(
  { table, triggers, retention }: RunRecords,
  triggerId: string,
  runs: readonly Run[],
  now: number,
): Promise<SentThrough> {
  if (runs.length > maxAgentsPerTrigger) {
    throw new PermanentError('too-many-agents', `A trigger can start at most ${maxAgentsPerTrigger} runs.`);
  }
  const expiresAt = retention.expiryOfUnended(now);
  await triggers.keepUntil(triggerId, expiresAt);
  const change = { set: { sentAt: now, runIds: runs.map(({ runId }) => runId) } };
  const written = await table.transact([
    { update: triggerKey(triggerId), change, condition: isUnsent },
    ...runs.map((run): Action => ({ put: newRunItem(run, null, expiresAt) })),
  ]);
  return { outcome: written.outcome === 'written' ? 'stored' : 'not-filtered' };
}
