import { uuidV7 } from '../src/core/identifiers.ts';
import { Payload } from '../src/core/json/json-value.ts';
import type { QueuedDispatch, RunStore } from '../src/core/ports/run-store.ts';
import type { Run } from '../src/core/runs/run.ts';
import type { Trace } from '../src/core/runs/trace.ts';
import { createEntropy } from '../src/engines/embedded/runtime.ts';
import { openDataFolder } from '../src/engines/embedded/store/data-folder.ts';
import { Database } from '../src/engines/embedded/store/database.ts';
import { prepareDatabase } from '../src/engines/embedded/store/prepare-database.ts';
import { createStores } from '../src/engines/embedded/stores.ts';

/** Runs per commit. */
const batchSize = 1_000;
/** The runs are spread evenly over this time before now, within the retention. */
const spreadMs = 20 * 24 * 3_600_000;
const owner = 'bench';
const ignore = () => undefined;
const log = { info: ignore, warn: ignore, error: ignore };

/** Writes queued runs into the data folder of a stopped product. */
export function storeQueuedRuns(dataDir: string, agentName: string, count: number): Promise<void> {
  return intoStore(dataDir, count, async (runs, numbers) => {
    const waiting = numbers.map((number) => ({ ...runAt(Date.now(), null, number), agentName }));
    await runs.dispatchAll(waiting.map(queuedDispatch));
  });
}

/**
 * Writes completed runs with triggers, outputs, and traces into the data folder of a stopped product, through the
 * engine's own store.
 */
export function storeEndedRuns(dataDir: string, connectorId: string, count: number): Promise<void> {
  const begin = Date.now() - spreadMs;
  return intoStore(dataDir, count, async (runs, numbers) => {
    const batch = numbers.map((number) =>
      runAt(begin + Math.floor((number / count) * spreadMs), connectorId, number),
    );
    await Promise.all(batch.map((run) => dispatch(runs, run)));
    await Promise.all(batch.map((run) => end(runs, run)));
  });
}

/** Calls `write` with the store and each batch of numbers, from 0 to `count`. */
async function intoStore(
  dataDir: string,
  count: number,
  write: (runs: RunStore, numbers: readonly number[]) => Promise<void>,
): Promise<void> {
  const folder = openDataFolder(dataDir);
  const secretKey = prepareDatabase(folder, undefined, Date.now());
  const database = new Database(folder.databaseFile, log);
  try {
    const { runs } = createStores({
      database,
      payloads: folder.payloads,
      secretKey,
      maxQueuedRuns: count,
      maxScheduledRuns: count,
      maxSyncRuns: count,
      maxSyncBytes: Number.MAX_SAFE_INTEGER,
      stopping: new AbortController().signal,
      log,
      onQueued: ignore,
      onReleased: ignore,
      onScheduled: ignore,
      onEnded: ignore,
      onPending: ignore,
    }).ports;
    for (let first = 0; first < count; first += batchSize) {
      const numbers = Array.from({ length: Math.min(batchSize, count - first) }, (_, index) => first + index);
      await write(runs, numbers);
    }
  } finally {
    await database.close();
    folder.release();
  }
}

const entropy = createEntropy();

function runAt(queuedAt: number, connectorId: string | null, number: number): Run {
  return {
    runId: uuidV7(queuedAt, entropy),
    agentName: 'parked',
    connectorId,
    triggerId: uuidV7(queuedAt, entropy),
    parentRunId: null,
    status: 'queued',
    payload: Payload.of({
      order: { id: number, customer: 'Ada Lovelace', total: 99.5 },
      note: 'x'.repeat(64),
    }),
    modelInput: null,
    output: null,
    error: null,
    queuedAt,
    scheduledAt: null,
    startedAt: null,
    endedAt: null,
    attempts: 0,
    tokenUsage: null,
    costUsd: null,
    context: {},
    warnings: [],
    model: null,
    concurrencyKey: null,
    cancelRequested: false,
    chain: [],
    waitsFor: null,
    interruptions: [],
  };
}

function queuedDispatch(run: Run): QueuedDispatch {
  const { triggerId, connectorId, queuedAt, payload, context, modelInput, warnings } = run;
  return {
    trigger: { triggerId, connectorId, receivedAt: queuedAt, payload, context, modelInput, warnings },
    runs: [run],
    repeat: null,
    mayComeAgain: false,
  };
}

function dispatch(runs: RunStore, run: Run) {
  const { queuedAt } = run;
  const lease = { owner, now: queuedAt, until: queuedAt + 60_000, slots: [], ifLost: 'suspect' as const };
  return runs.dispatch({ ...queuedDispatch(run), lease });
}

function end(runs: RunStore, { runId, queuedAt }: Run) {
  return runs.end(runId, owner, {
    status: 'completed',
    endedAt: queuedAt + 5,
    output: `order of run ${runId} is on its way`,
    error: null,
    tokenUsage: null,
    costUsd: null,
    model: null,
    context: {},
    warnings: [],
    trace: traceAt(queuedAt),
  });
}

/** As large as a tool agent's trace. */
function traceAt(startedAt: number): Trace {
  const span = { startedAt, endedAt: startedAt + 5, status: 'ok', error: null } as const;
  return {
    spans: [
      {
        ...span,
        spanId: '0000000000000001',
        parentSpanId: null,
        name: 'run parked',
        kind: 'run',
        attributes: {},
      },
      {
        ...span,
        spanId: '0000000000000002',
        parentSpanId: '0000000000000001',
        name: 'execute_tool idle.park',
        kind: 'tool',
        attributes: { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'idle.park' },
      },
    ],
    logs: [],
  };
}
