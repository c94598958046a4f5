import * as z from 'zod';
import type { RepeatKey } from '../../core/connector-type.ts';
import { PermanentError, RetryableError } from '../../core/errors.ts';
import type { Dispatch, Dispatched, QueuedDispatch, Undispatched } from '../../core/ports/run-store.ts';
import { repeatKey } from './keys.ts';
import type { RunRecords } from './run-records.ts';
import { newRunItem } from './stored-run.ts';
import type { Action } from './transaction.ts';

/**
 * One trigger starts at most this many runs: all are stored in one transaction of at most 100 writes, next to the
 * trigger and its repeat key, and some are kept in reserve.
 */
export const maxAgentsPerTrigger = 95;

const storedRepeat = z.object({
  triggerId: z.string(),
  fingerprint: z.string(),
  runIds: z.array(z.string()),
});

/** `RunStore.dispatch`: trigger, repeat key and runs in one transaction, each a new record or none is written. */
export async function dispatchRuns(records: RunRecords, dispatch: Dispatch): Promise<Dispatched> {
  const { trigger, runs, repeat, lease } = dispatch;
  if (runs.length > maxAgentsPerTrigger) {
    throw new PermanentError('too-many-agents', `A trigger can start at most ${maxAgentsPerTrigger} runs.`);
  }
  const expiresAt = records.retention.expiryOfUnended(trigger.receivedAt);
  const runIds = runs.map((run) => run.runId);
  const actions: Action[] = [
    {
      put: await records.triggers.itemOf(trigger, runIds, expiresAt),
      condition: { expression: 'attribute_not_exists(#pk)' },
    },
    ...(repeat === null ? [] : [repeatAction(dispatch, repeat, runIds)]),
    ...runs.map((run): Action => ({ put: newRunItem(run, lease, expiresAt) })),
  ];
  const written = await records.table.transact(actions);
  if (written.outcome === 'written') return { outcome: 'stored' };
  return repeat === null || written.at === 0
    ? repeatOfTrigger(records, trigger.triggerId)
    : repeatOfKey(records, trigger.connectorId, repeat);
}

/** `RunStore.dispatchAll`: a transaction for each, side by side. */
export function dispatchEach(
  records: RunRecords,
  dispatches: readonly QueuedDispatch[],
): Promise<readonly (Dispatched | Undispatched)[]> {
  return Promise.all(
    dispatches.map((dispatch) =>
      dispatchRuns(records, { ...dispatch, lease: null }).catch(
        (thrown: unknown): Undispatched => ({ outcome: 'failed', thrown }),
      ),
    ),
  );
}

function repeatAction({ trigger }: Dispatch, repeat: RepeatKey, runIds: readonly string[]): Action {
  const validUntil = trigger.receivedAt + repeat.validForMs;
  return {
    put: {
      ...repeatKey(trigger.connectorId, repeat.key),
      triggerId: trigger.triggerId,
      fingerprint: repeat.fingerprint,
      runIds,
      validUntil,
      expiresAt: Math.ceil(validUntil / 1_000),
    },
    // DynamoDB removes expired items late: the time decides, not the item's absence.
    condition: {
      expression: 'attribute_not_exists(#pk) OR #validUntil <= :now',
      values: { ':now': trigger.receivedAt },
    },
  };
}

async function repeatOfTrigger(records: RunRecords, triggerId: string): Promise<Dispatched> {
  const runIds = await records.triggers.runIdsOf(triggerId);
  if (runIds === null) throw new RetryableError('A trigger with this id was removed at this moment.');
  return { outcome: 'repeated', runIds };
}

async function repeatOfKey(
  records: RunRecords,
  connectorId: string | null,
  repeat: RepeatKey,
): Promise<Dispatched> {
  const item = await records.table.get(repeatKey(connectorId, repeat.key));
  if (item === null) throw new RetryableError('A repeat key expired at this moment.');
  const stored = storedRepeat.parse(item);
  if (stored.fingerprint !== repeat.fingerprint) return { outcome: 'mismatch' };
  return { outcome: 'repeated', runIds: stored.runIds };
}
