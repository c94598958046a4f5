import { messageOf, PermanentError } from '../../core/errors.ts';
import type { StorePorts } from '../../core/ports/engine.ts';
import type { Log } from '../../core/ports/log.ts';
import type { ChangeEvent, RunSignals } from '../../core/ports/run-signals.ts';
import { hasEnded, type Run } from '../../core/runs/run.ts';
import type { Database } from './store/database.ts';

type Listener<Value> = (value: Value) => void;

/** Tells watchers in this process what the stores have committed. */
export class Changes {
  readonly #log: Log;
  readonly #watchers = new Set<Listener<ChangeEvent>>();
  readonly #connectorWatchers = new Set<Listener<string>>();
  readonly #ended = new Map<string, Set<() => void>>();
  readonly #cancelled = new Map<string, Set<() => void>>();

  constructor(log: Log) {
    this.#log = log;
  }

  watch(listener: Listener<ChangeEvent>): () => void {
    this.#watchers.add(listener);
    return () => this.#watchers.delete(listener);
  }

  /** Calls `listener` with the id of every connector that is created, changed or deleted. */
  watchConnectors(listener: Listener<string>): () => void {
    this.#connectorWatchers.add(listener);
    return () => this.#connectorWatchers.delete(listener);
  }

  connectorChanged(connectorId: string): void {
    for (const watcher of this.#connectorWatchers) watcher(connectorId);
  }

  /** Calls every watcher. Calls `change` only if there are watchers; it returns `null` if the changed item is gone. */
  publish(change: () => ChangeEvent | null): void {
    if (this.#watchers.size === 0) return;
    const event = change();
    if (event === null) return;
    for (const watcher of this.#watchers) this.#tell(watcher, event);
  }

  onEnded(runId: string, listener: () => void): () => void {
    return addTo(this.#ended, runId, listener);
  }

  onCancelled(runId: string, listener: () => void): () => void {
    return addTo(this.#cancelled, runId, listener);
  }

  runEnded(runId: string): void {
    for (const listener of this.#ended.get(runId) ?? []) listener();
    this.#ended.delete(runId);
  }

  cancelRequested(runId: string): void {
    for (const listener of this.#cancelled.get(runId) ?? []) listener();
    this.#cancelled.delete(runId);
  }

  /** A watcher that throws does not undo what is committed. */
  #tell(watcher: Listener<ChangeEvent>, event: ChangeEvent): void {
    try {
      watcher(event);
    } catch (thrown) {
      this.#log.error('watcher.failed', { watched: event.type, reason: messageOf(thrown) });
    }
  }
}

function addTo(map: Map<string, Set<() => void>>, key: string, listener: () => void): () => void {
  const listeners = map.get(key) ?? new Set();
  map.set(key, listeners.add(listener));
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0 && map.get(key) === listeners) map.delete(key);
  };
}

/** Waits until something is over, or until `signal` aborts. */
async function until(
  signal: AbortSignal,
  { watch, isOver }: { watch: (over: () => void) => () => void; isOver: () => Promise<boolean> },
): Promise<void> {
  const over = Promise.withResolvers<void>();
  const onAbort = () => over.resolve();
  // Watch before looking, so that an end in between is not missed.
  const stopWatching = watch(over.resolve);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    if (!(await isOver()) && !signal.aborted) await over.promise;
  } finally {
    stopWatching();
    signal.removeEventListener('abort', onAbort);
  }
}

/**
 * Tells executors and watchers in this process what happens to runs.
 * @param queues told of every newly queued run, with its agent, and of every scheduled one
 */
export function createRunSignals(
  database: Database,
  changes: Changes,
  { runs, deliveries }: Pick<StorePorts, 'runs' | 'deliveries'>,
  queues: { readonly onQueued: (agentName: string) => void; readonly onScheduled: () => void },
): RunSignals {
  const current = async (runId: string): Promise<Run> => {
    const run = await runs.get(runId);
    if (run === null) throw new PermanentError('run-not-found', `There is no run ${runId}.`);
    return run;
  };
  const selectCancelled = database.statement('SELECT 1 FROM runs WHERE run_id = ? AND cancel_requested = 1');
  return {
    onCancel(runId, listener) {
      const stopWatching = changes.onCancelled(runId, listener);
      // The run may have been cancelled before this call.
      if (selectCancelled.get(runId) !== undefined) changes.cancelRequested(runId);
      return stopWatching;
    },
    changes: { kind: 'pushed', watch: (listener) => changes.watch(listener) },
    async whenEnded(runId, signal) {
      await until(signal, {
        watch: (over) => changes.onEnded(runId, over),
        isOver: async () => {
          const found = await runs.find(runId);
          return found === null || hasEnded(found.status);
        },
      });
      return current(runId);
    },
    async whenDelivered(deliveryId, signal) {
      await until(signal, {
        watch: (over) =>
          changes.watch((event) => {
            if (event.type !== 'delivery.updated' || event.delivery.deliveryId !== deliveryId) return;
            if (event.delivery.status !== 'pending') over();
          }),
        isOver: async () => (await deliveries.get(deliveryId))?.status !== 'pending',
      });
      const found = await deliveries.get(deliveryId);
      if (found !== null) return found;
      throw new PermanentError('delivery-not-found', `There is no delivery ${deliveryId}.`);
    },
    async announceQueued(runs) {
      for (const run of runs) {
        if (run.scheduledAt === null) queues.onQueued(run.agentName);
        else queues.onScheduled();
      }
    },
  };
}
