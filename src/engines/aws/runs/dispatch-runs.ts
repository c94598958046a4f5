import * as z from 'zod';
import type { IdempotencyKey } from '../../../core/connectors/received.ts';
import { PermanentError, RetryableError } from '../../../core/errors.ts';
import type {
  CursorMove,
  Dispatch,
  Dispatched,
  QueuedDispatch,
  Undispatched,
} from '../../../core/ports/run-store.ts';
import type { Action } from '../store/expressions.ts';
import { idempotencyKey } from '../store/keys.ts';
import { objectPrefixes, type StoredBody } from '../store/payload-objects.ts';
import { moveAction } from '../ways/poll/stored-polls.ts';
import { noteRun, type RunRecords } from './run-records.ts';
import { scheduleActions } from './scheduled-runs.ts';
import { newRunItem } from './stored-run.ts';
import { triggerItem } from './stored-trigger.ts';

/**
 * Maximum number of runs per trigger. They are stored in one transaction of at most 100 writes, together with the
 * trigger, its repeat key, and the cursor of its source; a few writes are kept in reserve.
 */
export const maxAgentsPerTrigger = 95;

/** The same for runs that wait for a time: each has two records. */
export const maxScheduledAgents = 47;

/**
 * Up to this size, it is cheaper to store content in the run's own record, which is written three or four times, than
 * in a separate record and a transaction, written once at twice the price.
 */
const ownContentBytes = 1_500;

const storedRepeat = z.object({
  triggerId: z.string(),
  fingerprint: z.string(),
  runIds: z.array(z.string()),
});

const isNew = { expression: 'attribute_not_exists(#pk)' };

/** `RunStore.dispatch`: writes the trigger, repeat key, and runs together, all new or none; and moves a cursor. */
export async function dispatchRuns(
  records: RunRecords,
  dispatch: Dispatch,
  move?: CursorMove,
): Promise<Dispatched> {
  const { trigger, runs } = dispatch;
  if (runs.length > maxAgentsPerTrigger) {
    throw new PermanentError('too-many-agents', `A trigger can start at most ${maxAgentsPerTrigger} runs.`);
  }
  const scheduledAt = runs[0]?.scheduledAt ?? null;
  if (scheduledAt !== null && runs.length > maxScheduledAgents) {
    throw new PermanentError('too-many-agents', `A trigger can schedule at most ${maxScheduledAgents} runs.`);
  }
  const prefix = scheduledAt === null ? objectPrefixes.triggers : objectPrefixes.scheduled;
  const body = await records.triggers.keep(trigger, prefix);
  if (runs.length === 0) return storeFiltered(records, dispatch, body, move);
  const expiresAt = records.retention.expiryOfUnended(scheduledAt ?? trigger.receivedAt);
  return move === undefined && isAlone(dispatch, body)
    ? storeAlone(records, dispatch, body, expiresAt)
    : storeTogether(records, dispatch, body, expiresAt, move);
}

/**
 * Whether a single record is enough: a transaction costs twice as much. A trigger that may be repeated needs its own
 * record, because the connector's links may change before the repeat.
 */
function isAlone({ runs, repeat, mayComeAgain }: Dispatch, { body = '', bodyObject }: StoredBody): boolean {
  if (runs.length !== 1 || repeat !== null || mayComeAgain || bodyObject !== undefined) return false;
  if (runs[0]?.status === 'scheduled') return false;
  return Buffer.byteLength(body) <= ownContentBytes;
}

async function storeAlone(
  records: RunRecords,
  { runs, lease }: Dispatch,
  body: StoredBody,
  expiresAt: number,
): Promise<Dispatched> {
  for (const run of runs) {
    const item = newRunItem(run, lease, expiresAt, body);
    // The run's id is new, so an existing record is from this call, whose first answer was lost.
    await records.table.put(item, isNew);
    if (lease !== null) noteRun(records, item);
  }
  return { outcome: 'stored' };
}

/** A trigger without runs is one record, unless its repeat key or a cursor is written with it. */
async function storeFiltered(
  records: RunRecords,
  dispatch: Dispatch,
  body: StoredBody,
  move: CursorMove | undefined,
): Promise<Dispatched> {
  const { trigger, repeat } = dispatch;
  const expiresAt = records.retention.expiryOf(trigger.receivedAt);
  if (repeat !== null || move !== undefined) {
    return storeTogether(records, dispatch, body, expiresAt, move);
  }
  const isStored = await records.table.put(triggerItem(trigger, body, [], expiresAt), isNew);
  return isStored ? { outcome: 'stored' } : repeatOfTrigger(records, trigger.triggerId);
}

async function storeTogether(
  records: RunRecords,
  dispatch: Dispatch,
  body: StoredBody,
  expiresAt: number,
  move: CursorMove | undefined,
): Promise<Dispatched> {
  const { trigger, runs, repeat, lease } = dispatch;
  const runIds = runs.map((run) => run.runId);
  const items = runs.map((run) => newRunItem(run, lease, expiresAt));
  const actions: Action[] = [
    { put: triggerItem(trigger, body, runIds, expiresAt), condition: isNew },
    ...(repeat === null ? [] : [repeatAction(dispatch, repeat, runIds)]),
    ...items.map((item): Action => ({ put: item })),
    ...runs.flatMap((run) => scheduleActions(run, trigger.receivedAt, expiresAt)),
    ...(move === undefined ? [] : [moveAction(move)]),
  ];
  const written = await records.table.transact(actions);
  if (written.outcome === 'written') {
    if (lease !== null) for (const item of items) noteRun(records, item);
    return { outcome: 'stored' };
  }
  if (move !== undefined && written.at === actions.length - 1) throw movedElsewhere();
  const repeated =
    repeat === null || written.at === 0
      ? await repeatOfTrigger(records, trigger.triggerId)
      : await repeatOfKey(records, trigger.connectorId, repeat);
  if (move !== undefined && repeated.outcome === 'repeated') await moveCursor(records, move);
  return repeated;
}

/** `RunStore.dispatchAll`: concurrent transactions, one per dispatch. With a move, the last one follows the others. */
export async function dispatchEach(
  records: RunRecords,
  dispatches: readonly QueuedDispatch[],
  move?: CursorMove,
): Promise<readonly (Dispatched | Undispatched)[]> {
  const store = (dispatch: QueuedDispatch, moved?: CursorMove) =>
    dispatchRuns(records, { ...dispatch, lease: null }, moved).catch(
      (thrown: unknown): Undispatched => ({ outcome: 'failed', thrown }),
    );
  const last = dispatches.at(-1);
  if (move === undefined || last === undefined) {
    return Promise.all(dispatches.map((dispatch) => store(dispatch)));
  }
  const others = await Promise.all(dispatches.slice(0, -1).map((dispatch) => store(dispatch)));
  const areStored = others.every(({ outcome }) => outcome === 'stored' || outcome === 'repeated');
  return [...others, await store(last, areStored ? move : undefined)];
}

/** `RunStore.moveCursor`. */
export async function moveCursor({ table }: RunRecords, move: CursorMove): Promise<void> {
  const { outcome } = await table.transact([moveAction(move)]);
  if (outcome === 'refused') throw movedElsewhere();
}

function movedElsewhere(): RetryableError {
  return new RetryableError('The connector is no longer polled from there.');
}

function repeatAction({ trigger }: Dispatch, repeat: IdempotencyKey, runIds: readonly string[]): Action {
  const validUntil = trigger.receivedAt + repeat.validForMs;
  return {
    put: {
      ...idempotencyKey(trigger.connectorId, repeat.key),
      triggerId: trigger.triggerId,
      fingerprint: repeat.fingerprint,
      runIds,
      validUntil,
      expiresAt: Math.ceil(validUntil / 1_000),
    },
    // DynamoDB removes expired items late, so compare the time instead of testing for absence.
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
  repeat: IdempotencyKey,
): Promise<Dispatched> {
  const item = await records.table.get(idempotencyKey(connectorId, repeat.key));
  if (item === null) throw new RetryableError('A repeat key expired at this moment.');
  const stored = storedRepeat.parse(item);
  if (stored.fingerprint !== repeat.fingerprint) return { outcome: 'mismatch' };
  return { outcome: 'repeated', runIds: stored.runIds };
}

/** `RunStore.runsOfKey`, in one read. */
export async function runsOfKey(
  records: RunRecords,
  connectorId: string,
  key: string,
): Promise<readonly string[] | null> {
  const item = await records.table.get(idempotencyKey(connectorId, key));
  return item === null ? null : storedRepeat.parse(item).runIds;
}
