import { isDeepStrictEqual } from 'node:util';
import { messageOf } from '../../core/errors.ts';
import type { ConnectorStore } from '../../core/ports/connector-store.ts';
import type { DeliveryStore } from '../../core/ports/delivery-store.ts';
import type { Log } from '../../core/ports/log.ts';
import type { PageRequest } from '../../core/ports/page.ts';
import type { ChangeEvent } from '../../core/ports/run-signals.ts';
import type { RunStore } from '../../core/ports/run-store.ts';
import { pause } from './pause.ts';

/** What a watcher looks at. */
export interface WatchedStores {
  readonly runs: Pick<RunStore, 'list'>;
  readonly deliveries: Pick<DeliveryStore, 'list'>;
  readonly connectors: Pick<ConnectorStore, 'list'>;
}

/** A page that shows changes is a few seconds behind them. */
const lookPauseMs = 3_000;

/** The newest of each list are watched: about what a page shows. */
const newest: PageRequest = { limit: 50, cursor: null };

/**
 * Calls `listener` for what changed among the newest 50 runs, deliveries and connectors, by looking at them every 3 s
 * while somebody watches. What was there before the watching began is no change.
 *
 * @returns what stops the watching
 */
export function watchChanges(
  stores: WatchedStores,
  listener: (event: ChangeEvent) => void,
  log: Log,
): () => void {
  const watching = new AbortController();
  void watch(stores, listener, watching.signal, log);
  return () => watching.abort();
}

async function watch(
  stores: WatchedStores,
  listener: (event: ChangeEvent) => void,
  signal: AbortSignal,
  log: Log,
): Promise<void> {
  let known: ReadonlyMap<string, ChangeEvent> | null = null;
  do {
    try {
      const seen = await look(stores);
      if (signal.aborted) return;
      if (known !== null)
        for (const [id, event] of seen) if (!isDeepStrictEqual(event, known.get(id))) listener(event);
      known = seen;
    } catch (thrown) {
      log.warn('changes.not-read', { reason: messageOf(thrown) });
    }
  } while (await pause(lookPauseMs, signal));
}

/** The newest of each list by their ids, oldest first, so that events come in the order of what they tell. */
async function look(stores: WatchedStores): Promise<Map<string, ChangeEvent>> {
  const [runs, deliveries, connectors] = await Promise.all([
    stores.runs.list(newest),
    stores.deliveries.list(newest),
    stores.connectors.list(newest),
  ]);
  const found = [
    ...runs.items.map((run) => entry(run.runId, { type: 'run.updated', run })),
    ...deliveries.items.map((delivery) => entry(delivery.deliveryId, { type: 'delivery.updated', delivery })),
    ...connectors.items.map((connector) => entry(connector.id, { type: 'connector.updated', connector })),
  ];
  return new Map(found.reverse());
}

function entry(id: string, event: ChangeEvent): [string, ChangeEvent] {
  return [id, event];
}
