import * as z from 'zod';
import { PermanentError } from '../../../core/errors.ts';
import { jsonObject } from '../../../core/json/json-value.ts';
import type { Log } from '../../../core/ports/log.ts';
import type { Run, RunRecord } from '../../../core/runs/run.ts';
import { emptyTrace, logLevels, spanKinds, type Trace } from '../../../core/runs/trace.ts';
import { attemptKey, runKey } from '../store/keys.ts';
import { jsonText, objectPrefixes, type PayloadObjects, storedBody } from '../store/payload-objects.ts';
import type { Retention } from '../store/retention.ts';
import { allItems, type Item, type Table } from '../store/table.ts';
import type { WorkQueue } from '../work-queue.ts';
import { type EndContent, runIdOf, runOf, type StoredRun, storedRun } from './stored-run.ts';
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

/** What one attempt has stored: its trace so far, and its end content. */
interface AttemptContent {
  readonly trace: Trace;
  readonly end: EndContent | null;
}

const storedTrace = z.object({
  spans: z.array(
    z.object({
      spanId: z.string(),
      parentSpanId: z.string().nullable(),
      name: z.string(),
      kind: z.enum(spanKinds),
      startedAt: z.number(),
      endedAt: z.number().nullable(),
      status: z.enum(['running', 'ok', 'error']),
      error: z.string().nullable(),
      attributes: jsonObject,
    }),
  ),
  logs: z.array(
    z.object({ at: z.number(), level: z.enum(logLevels), source: z.string(), message: z.string() }),
  ),
});

/** One text for both: the trace repeats much of the output, which compresses well. */
const attemptText = jsonText.pipe(
  z.object({
    trace: storedTrace,
    end: z
      .object({
        output: z.string().nullable(),
        context: jsonObject.nullable(),
        warnings: z.array(z.string()).nullable(),
      })
      .nullable(),
  }),
);

const nothing: AttemptContent = { trace: emptyTrace, end: null };

interface AttemptRecords {
  /**
   * Stores an attempt's content under a unique name: its owner's id while it runs, the id of the ending write at its
   * end. An executor that has lost the run therefore overwrites no other content.
   */
  write(runId: string, name: string, content: AttemptContent): Promise<void>;
  /** Empty content if nothing is stored under the name. */
  read(runId: string, name: string | undefined): Promise<AttemptContent>;
  /** The content of an attempt's record. */
  contentOf(item: Item | null): Promise<AttemptContent>;
}

/** @param clock Unix ms */
export function attemptRecords(
  table: Table,
  objects: PayloadObjects,
  retention: Retention,
  clock: () => number,
): AttemptRecords {
  const contentOf = async (item: Item | null): Promise<AttemptContent> => {
    const text = item === null ? null : await objects.read(storedBody.parse(item));
    return text === null ? nothing : attemptText.parse(text);
  };
  return {
    contentOf,
    async write(runId, name, content) {
      const objectKey = `${objectPrefixes.runs}${runId}/${name}`;
      const body = await objects.keep(objectKey, JSON.stringify(content));
      await table.put({ ...attemptKey(runId, name), ...body, expiresAt: retention.expiryOf(clock()) });
    },
    async read(runId, name) {
      return contentOf(name === undefined ? null : await table.get(attemptKey(runId, name)));
    },
  };
}

/**
 * The records of runs that this process last read or wrote. An executor reads, claims, and ends one run in sequence;
 * what one call returns saves the next one a read. Only conditional writes may rely on it.
 */
export interface SeenRuns {
  note(run: StoredRun): StoredRun;
  /** Returns a record without removing it: for fields of a run that never change. */
  peek(runId: string): StoredRun | null;
  /** Returns a record once, so that a caller that finds it outdated reads again. */
  take(runId: string): StoredRun | null;
}

/** @param capacity number of newest records to remember */
export function seenRuns(capacity: number): SeenRuns {
  const seen = new Map<string, StoredRun>();
  return {
    note(run) {
      const runId = runIdOf(run);
      seen.delete(runId);
      seen.set(runId, run);
      if (seen.size > capacity) seen.delete(seen.keys().next().value ?? '');
      return run;
    },
    peek: (runId) => seen.get(runId) ?? null,
    take(runId) {
      const run = seen.get(runId) ?? null;
      seen.delete(runId);
      return run;
    },
  };
}
