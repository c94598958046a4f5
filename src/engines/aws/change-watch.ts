import { messageOf } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json-value.ts';
import type { ConnectorStore } from '../../core/ports/connector-store.ts';
import type { DeliveryStore } from '../../core/ports/delivery-store.ts';
import type { Log } from '../../core/ports/log.ts';
import type { Page, PageRequest } from '../../core/ports/page.ts';
import type { ChangeEvent } from '../../core/ports/run-signals.ts';
import type { RunStore } from '../../core/ports/run-store.ts';
import { connectorChange, deliveryChange, runChange } from '../change-summaries.ts';
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
  let known: ReadonlyMap<string, string> | null = null;
  do {
    try {
      const events = await look(stores);
      if (signal.aborted) return;
      const seen = new Map(events.map((event) => [event.id, JSON.stringify(event.summary)]));
      if (known !== null)
        for (const event of events) if (known.get(event.id) !== seen.get(event.id)) listener(event);
      known = seen;
    } catch (thrown) {
      log.warn('changes.not-read', { reason: messageOf(thrown) });
    }
  } while (await pause(lookPauseMs, signal));
}

/** The newest of each list, oldest first, so that events come in the order of what they tell. */
async function look({ runs, deliveries, connectors }: WatchedStores): Promise<ChangeEvent[]> {
  const pages = await Promise.all([
    events('run.updated', runs.list(newest), ({ runId }) => runId, runChange),
    events('delivery.updated', deliveries.list(newest), ({ deliveryId }) => deliveryId, deliveryChange),
    events('connector.updated', connectors.list(newest), ({ id }) => id, connectorChange),
  ]);
  return pages.flat().reverse();
}

async function events<Item>(
  type: ChangeEvent['type'],
  page: Promise<Page<Item>>,
  idOf: (item: Item) => string,
  summaryOf: (item: Item) => JsonObject,
): Promise<ChangeEvent[]> {
  return (await page).items.map((item) => ({ type, id: idOf(item), summary: summaryOf(item) }));
}
