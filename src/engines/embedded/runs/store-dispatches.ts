import type { JsonValue } from '../../../core/json/json-value.ts';
import type {
  CursorMove,
  Dispatched,
  Lease,
  QueuedDispatch,
  Undispatched,
} from '../../../core/ports/run-store.ts';
import type { Run } from '../../../core/runs/run.ts';
import type { Trigger } from '../../../core/triggers/trigger.ts';
import type { Changes } from '../changes.ts';
import type { HeldRuns, QueueDepthLimiter, ScheduleLimiter } from '../control/hold-store.ts';
import { isLarge, type PayloadFiles, type StoredText } from '../store/data-folder.ts';
import type { Database } from '../store/database.ts';
import { type DispatchRows, flatRows, type RunRow, type TriggerRow } from '../writes/dispatch-runs.ts';
import type { MoveRow } from '../writes/poll-writes.ts';

interface DispatchParts {
  readonly database: Database;
  readonly files: PayloadFiles;
  readonly changes: Changes;
  readonly queueLimit: QueueDepthLimiter;
  readonly scheduleLimit: ScheduleLimiter;
  readonly held: HeldRuns;
}

/** `lease` belongs to the executor that holds all of the runs from the start; `null` if they are queued. */
type StoreDispatches = (
  dispatches: readonly QueuedDispatch[],
  lease: Lease | null,
  move?: CursorMove,
) => Promise<readonly (Dispatched | Undispatched)[]>;

/** Stores triggers with their runs as far as there is room: in one write, unless repeats make room for more. */
export function storeDispatches(parts: DispatchParts): StoreDispatches {
  const { changes, queueLimit, scheduleLimit, held } = parts;
  const write = writeDispatches(parts);

  const publish = ({ runs }: QueuedDispatch, lease: Lease | null) => {
    for (const run of runs) changes.publish(() => ({ type: 'run.updated', run: asStored(run, lease) }));
  };
  const takePlaces = ({ runs, trigger }: QueuedDispatch, lease: Lease | null) =>
    lease === null
      ? queueLimit.take(unheld(runs)) && scheduleLimit.take(numberOf(runs, isScheduled))
      : held.take(
          runs.map(({ runId }) => runId),
          heldBytes(trigger.payload.text),
        );
  const givePlacesBack = ({ runs }: QueuedDispatch, lease: Lease | null) => {
    if (lease === null) queueLimit.left(unheld(runs));
    else for (const { runId } of runs) held.free(runId);
  };

  /** Takes places for as many dispatches as there is room for, from the first on. */
  const admit = (dispatches: readonly QueuedDispatch[], lease: Lease | null) => {
    const withoutRoom = dispatches.findIndex((dispatch) => !takePlaces(dispatch, lease));
    return withoutRoom < 0 ? dispatches : dispatches.slice(0, withoutRoom);
  };
  const store: StoreDispatches = async (admitted, lease, move) => {
    const outcomes = await write(admitted, lease, move);
    admitted.forEach((dispatch, index) => {
      if (outcomes[index]?.outcome === 'stored') publish(dispatch, lease);
      else givePlacesBack(dispatch, lease);
    });
    return outcomes;
  };

  return async (dispatches, lease, move) => {
    const outcomes: (Dispatched | Undispatched)[] = [];
    let mayMove = true;
    let admitted = admit(dispatches, lease);
    while (admitted.length > 0) {
      const isLast = outcomes.length + admitted.length === dispatches.length;
      const stored = await store(admitted, lease, isLast && mayMove ? move : undefined);
      if (admitted === dispatches) return stored;
      mayMove &&= stored.every(({ outcome }) => outcome !== 'mismatch');
      outcomes.push(...stored);
      // Repeats before these have given their places back: there may be room for more.
      const goesOn = outcomes.at(-1)?.outcome !== 'failed';
      admitted = goesOn ? admit(dispatches.slice(outcomes.length), lease) : [];
    }
    const last = outcomes.at(-1);
    const full = dispatches[outcomes.length]?.runs.some(isScheduled)
      ? scheduleLimit.full()
      : queueLimit.overloaded();
    const notTried = last?.outcome === 'failed' ? last : full;
    return dispatches.map((_, index) => outcomes[index] ?? notTried);
  };
}

/** Writes dispatches with their payloads; all succeed or fail together. */
function writeDispatches({ database, files }: DispatchParts): StoreDispatches {
  const removeUnused = unusedFiles(database, files);
  const write = (rows: DispatchRows) =>
    rows.repeats.length > 1
      ? database.writeAtOnce('dispatchRuns', rows)
      : database.write('dispatchRuns', rows);
  return async (dispatches, lease, move) => {
    let payloads: readonly StoredText[] = [];
    try {
      payloads = await storePayloads(files, dispatches);
      const unstored = await write(dispatchRows(dispatches, payloads, lease, move));
      const unused = payloads.filter(({ file }, index) => file !== null && unstored[index] !== null);
      if (unused.length > 0) await removeUnused(unused);
      return unstored.map((one) => one ?? { outcome: 'stored' });
    } catch (thrown) {
      await removeUnused(payloads);
      return dispatches.map(() => ({ outcome: 'failed', thrown }));
    }
  };
}

/** How many of the runs need a place in the queue: scheduled ones get it when they are due. */
function unheld(runs: readonly Run[]): number {
  return numberOf(runs, ({ status, waitsFor }) => status === 'queued' && waitsFor === null);
}

function numberOf(runs: readonly Run[], isCounted: (run: Run) => boolean): number {
  let counted = 0;
  for (const run of runs) if (isCounted(run)) counted++;
  return counted;
}

function isScheduled({ status }: Run): boolean {
  return status === 'scheduled';
}

/** What a held payload counts for. Small ones count nothing: their number is limited. */
function heldBytes(text: string): number {
  return isLarge(text) ? text.length : 0;
}

/** The run as it is stored: queued, or started immediately by the executor that holds it. */
function asStored(run: Run, lease: Lease | null): Run {
  return lease === null ? run : { ...run, status: 'running', startedAt: lease.now, attempts: 1 };
}

/**
 * Dispatches as the writer expects them.
 * @param payloads one per dispatch, already stored
 * @param lease of the executor that holds all of the runs from the start
 */
function dispatchRows(
  dispatches: readonly QueuedDispatch[],
  payloads: readonly StoredText[],
  lease: Lease | null,
  move: CursorMove | undefined,
): DispatchRows {
  return {
    triggers: flatRows(
      13,
      dispatches.map(({ trigger, runs }, index) => triggerRow(trigger, payloads[index], runs)),
    ),
    runs: flatRows(
      5,
      dispatches.flatMap(({ runs }) => runs.map(runRow)),
    ),
    repeats: dispatches.map(({ repeat }) => repeat),
    lease,
    ...(dispatches.some(({ trigger }) => trigger.filtered !== undefined)
      ? { filtered: dispatches.map(({ trigger }) => trigger.filtered ?? null) }
      : {}),
    ...(move === undefined ? {} : { move: moveRow(move) }),
  };
}

/** A cursor move as the writer expects it. */
export function moveRow({ connectorId, from, to }: CursorMove): MoveRow {
  const place = (cursor: JsonValue) => (cursor === null ? null : JSON.stringify(cursor));
  return { connectorId, from: place(from), to: place(to) };
}

function triggerRow(trigger: Trigger, payload: StoredText | undefined, runs: readonly Run[]): TriggerRow {
  const { scheduledAt = null, chain = [] } = runs[0] ?? {};
  const { triggerId, connectorId, receivedAt, context, modelInput, warnings, origin, arrival } = trigger;
  return [
    triggerId,
    connectorId,
    receivedAt,
    payload?.text ?? null,
    payload?.file ?? null,
    Object.keys(context).length === 0 ? null : JSON.stringify(context),
    modelInput,
    warnings.length === 0 ? null : JSON.stringify(warnings),
    origin === undefined ? null : JSON.stringify(origin),
    arrival === undefined ? null : JSON.stringify(arrival),
    runs.length,
    scheduledAt,
    chain.length === 0 ? null : JSON.stringify(chain),
  ];
}

/** A run as the writer expects it. */
export function runRow({ runId, agentName, parentRunId, concurrencyKey, waitsFor }: Run): RunRow {
  return [runId, agentName, parentRunId, concurrencyKey, waitsFor];
}

/**
 * Stores the payload of each trigger, a large one in a file.
 * @throws RetryableError when the disk is full or broken; no file is left behind
 */
function storePayloads(
  files: PayloadFiles,
  dispatches: readonly QueuedDispatch[],
): readonly StoredText[] | Promise<readonly StoredText[]> {
  const storing = dispatches.map(({ trigger }) => files.store(trigger.payload.text));
  return storing.every((one) => isStored(one)) ? storing : whenStored(files, storing);
}

function isStored(one: StoredText | Promise<StoredText>): one is StoredText {
  return !(one instanceof Promise);
}

async function whenStored(
  files: PayloadFiles,
  storing: readonly (StoredText | Promise<StoredText>)[],
): Promise<readonly StoredText[]> {
  try {
    return await Promise.all(storing);
  } catch (thrown) {
    const settled = await Promise.allSettled(storing);
    const stored = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    await removeFiles(files, stored);
    throw thrown;
  }
}

/** Removes the files among `payloads`. Retention removes what cannot be removed now. */
async function removeFiles(files: PayloadFiles, payloads: readonly StoredText[]): Promise<void> {
  for (const { file } of payloads) if (file !== null) await files.remove(file).catch(() => undefined);
}

/**
 * Returns a function that removes files that no committed row names: those of rows that were not written or, after the
 * writer broke off, not reached. If the rows cannot be read, retention removes the files later.
 */
export function unusedFiles(
  database: Database,
  files: PayloadFiles,
): (stored: readonly StoredText[]) => Promise<void> {
  const isUsed = payloadFileUse(database);
  return async (stored) => {
    try {
      await removeFiles(
        files,
        stored.filter(({ file }) => file !== null && !isUsed(file)),
      );
    } catch {
      // Retention removes the files later.
    }
  };
}

/** Tells whether a committed row names a payload or output file. */
export function payloadFileUse(database: Database): (file: string) => boolean {
  const select = database.statement(`
    SELECT 1 FROM triggers WHERE payload_file = ?
    UNION ALL SELECT 1 FROM run_results WHERE output_file = ?`);
  return (file) => select.get(file, file) !== undefined;
}
