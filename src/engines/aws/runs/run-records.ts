import { PermanentError } from '../../../core/errors.ts';
import type { Log } from '../../../core/ports/log.ts';
import type { Run, RunRecord } from '../../../core/runs/run.ts';
import { attemptKey, runKey } from '../store/keys.ts';
import type { Retention } from '../store/retention.ts';
import { allItems, type Item, type Table } from '../store/table.ts';
import type { WorkQueue } from '../work-queue.ts';
import type { AttemptContent, AttemptRecords } from './attempt-records.ts';
import type { SeenRuns } from './seen-runs.ts';
import { runIdOf, runOf, type StoredRun, storedRun } from './stored-run.ts';
import type { TriggerRecords } from './stored-trigger.ts';

export interface RunRecords {
  readonly table: Table;
  readonly triggers: TriggerRecords;
  readonly attempts: AttemptRecords;
  readonly queue: WorkQueue;
  readonly seen: SeenRuns;
  /** Whether an outbound connector is linked to the agent now; disabled ones count. */
  readonly hasReceivers: (agentName: string) => Promise<boolean>;
  /** Unix ms. */
  readonly clock: () => number;
  readonly retention: Retention;
  readonly log: Log;
}

/** The run's current record. */
export async function findRun(
  { table, seen }: Pick<RunRecords, 'table' | 'seen'>,
  runId: string,
): Promise<StoredRun | null> {
  const item = await table.get(runKey(runId));
  return item === null ? null : seen.note(storedRun.parse(item));
}

/** The record as this process last saw it, otherwise the current one. For writes whose condition detects changes. */
export async function lastSeen(
  records: Pick<RunRecords, 'table' | 'seen'>,
  runId: string,
): Promise<StoredRun | null> {
  return records.seen.take(runId) ?? findRun(records, runId);
}

/** Remembers a record as a write left it. */
export function noteRun({ seen }: Pick<RunRecords, 'seen'>, item: Item): StoredRun {
  return seen.note(storedRun.parse(item));
}

/** The whole run: its record and those of its attempts share a partition and take one call. */
export async function readRun(records: RunRecords, runId: string): Promise<Run | null> {
  const { pk, sk } = runKey(runId);
  const items = new Map<string, Item>();
  for await (const item of allItems(records.table, { partition: pk })) items.set(String(item['sk']), item);
  const item = items.get(sk);
  if (item === undefined) return null;
  const stored = noteRun(records, item);
  const { endId } = stored;
  const ended = endId === undefined ? undefined : items.get(attemptKey(runId, endId).sk);
  return complete(records, stored, () => records.attempts.contentOf(ended ?? null));
}

/** The whole run of a record that was found or claimed: as it was then, with its large parts. */
export async function loadRun(records: RunRecords, record: RunRecord): Promise<Run> {
  const stored = records.seen.peek(record.runId) ?? (await findRun(records, record.runId));
  if (stored === null) throw new PermanentError('run-not-found', `There is no run "${record.runId}".`);
  return { ...(await completeRun(records, stored)), ...record };
}

/** The whole run of a record, with its large parts read from where they are stored. */
export function completeRun(records: RunRecords, stored: StoredRun): Promise<Run> {
  return complete(records, stored, () => records.attempts.read(runIdOf(stored), stored.endId));
}

async function complete(
  { triggers }: RunRecords,
  stored: StoredRun,
  readAttempt: () => Promise<AttemptContent>,
): Promise<Run> {
  const [content, attempt] = await Promise.all([
    triggers.contentOf(stored.triggerId, stored),
    stored.endId === undefined ? null : readAttempt(),
  ]);
  return runOf(stored, content, attempt?.end ?? null);
}
