import type { Connector } from '../core/connectors/connector.ts';
import {
  type ConnectorHealth,
  connectorHealth,
  nothingSeen,
  sourceHealth,
} from '../core/connectors/connector-health.ts';
import { messageOf } from '../core/errors.ts';
import { lastConditionError } from '../core/filters/note-condition-errors.ts';
import type { Engine } from '../core/ports/engine.ts';
import type { FilteredCount, RunStats } from '../core/ports/run-store.ts';
import { recentPeriodMs } from './recent-stats.ts';
import { shareAnswers } from './share-answer.ts';

/** Reads a connector's health. */
export type ReadHealth = (connector: Connector) => Promise<ConnectorHealth>;

/**
 * Reads the health of connectors, for all calls that show it. Concurrent calls share the search for a connector's last
 * event or delivery.
 *
 * @param recent statistics of the last day, shared with those of agents
 */
export function healthReader(engine: Engine, recent: () => Promise<RunStats>): ReadHealth {
  const share = shareAnswers<number | null>(engine.clock);
  const lastEvent = (id: string) => share(`event ${id}`, () => lastEventAt(engine, id));
  const lastDelivery = (id: string) => share(`delivery ${id}`, () => lastDeliveryAt(engine, id));
  const shareFiltered = shareAnswers<ReadonlyMap<string, FilteredCount>>(engine.clock);
  const recentFiltered = () =>
    shareFiltered('filtered', () => {
      const now = engine.clock();
      return engine.runs.countFiltered({ from: now - recentPeriodMs, to: now });
    });
  return async (connector) => {
    const isOutbound = connector.mode === 'outbound';
    const [{ byConnector }, source, delivered] = await Promise.all([
      recent(),
      sourceHealth(engine, connector),
      isOutbound ? lastDelivery(connector.id) : null,
    ]);
    const counts = byConnector.get(connector.id);
    const filtered = isOutbound ? undefined : (await recentFiltered()).get(connector.id);
    const recentEvents = [counts?.lastQueuedAt ?? 0, filtered?.lastReceivedAt ?? 0];
    const recentEvent = Math.max(...recentEvents);
    const event = isOutbound ? null : recentEvent > 0 ? recentEvent : await lastEvent(connector.id);
    const seen = {
      lastEventAt: event,
      lastDeliveryAt: delivered,
      runs: counts?.runs ?? 0,
      failed: counts?.failed ?? 0,
      filtered: filtered?.filtered ?? 0,
      warning: await warningOf(engine, connector),
    };
    return connectorHealth(connector, source, seen, engine.clock());
  };
}

/** Health of a connector that was just created: nothing can have happened yet, so nothing is read. */
export function healthWhenCreated(connector: Connector): ConnectorHealth {
  return connectorHealth(connector, null, nothingSeen, connector.createdAt);
}

async function lastEventAt({ runs }: Engine, connectorId: string): Promise<number | null> {
  const [started, filtered] = await Promise.all([
    runs.list({ connectorId, limit: 1, cursor: null }),
    runs.listTriggers({ outcome: 'filtered', connectorId, limit: 1, cursor: null }),
  ]);
  const last = Math.max(started.items[0]?.queuedAt ?? 0, filtered.items[0]?.item.receivedAt ?? 0);
  return last === 0 ? null : last;
}

/** `null` also if the history cannot be read now: the connector must still be shown. */
async function warningOf(engine: Engine, connector: Connector): Promise<string | null> {
  try {
    return (await lastConditionError(engine, connector))?.detail ?? null;
  } catch (thrown) {
    engine.log.warn('history.not-read', { connector_id: connector.id, reason: messageOf(thrown) });
    return null;
  }
}

async function lastDeliveryAt({ deliveries }: Engine, connectorId: string): Promise<number | null> {
  const { items } = await deliveries.list({ connectorId, status: 'delivered', limit: 1, cursor: null });
  return items[0]?.attempts.at(-1)?.at ?? null;
}
