import type { Connector } from '../core/connectors/connector.ts';
import { type ConnectorHealth, connectorHealth } from '../core/connectors/connector-health.ts';
import { messageOf } from '../core/errors.ts';
import type { Engine } from '../core/ports/engine.ts';
import type { RunStats } from '../core/ports/run-store.ts';
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
  return async (connector) => {
    const isOutbound = connector.mode === 'outbound';
    const [{ byConnector }, source, delivered] = await Promise.all([
      recent(),
      isOutbound ? null : sourceHealth(engine, connector.id),
      isOutbound ? lastDelivery(connector.id) : null,
    ]);
    const counts = byConnector.get(connector.id);
    const event = isOutbound ? null : (counts?.lastQueuedAt ?? (await lastEvent(connector.id)));
    const seen = {
      lastEventAt: event,
      lastDeliveryAt: delivered,
      runs: counts?.runs ?? 0,
      failed: counts?.failed ?? 0,
    };
    return connectorHealth(connector, source, seen, engine.clock());
  };
}

/** Health of a connector that was just created: nothing can have happened yet, so nothing is read. */
export function healthWhenCreated(connector: Connector): ConnectorHealth {
  const nothing = { lastEventAt: null, lastDeliveryAt: null, runs: 0, failed: 0 };
  return connectorHealth(connector, null, nothing, connector.createdAt);
}

/** `null` if the source cannot be asked now: its connector must still be shown. */
async function sourceHealth({ sources, log }: Engine, connectorId: string) {
  try {
    return await sources.health(connectorId);
  } catch (thrown) {
    log.warn('source.not-asked', { connector_id: connectorId, reason: messageOf(thrown) });
    return null;
  }
}

async function lastEventAt({ runs }: Engine, connectorId: string): Promise<number | null> {
  const { items } = await runs.list({ connectorId, limit: 1, cursor: null });
  return items[0]?.queuedAt ?? null;
}

async function lastDeliveryAt({ deliveries }: Engine, connectorId: string): Promise<number | null> {
  const { items } = await deliveries.list({ connectorId, status: 'delivered', limit: 1, cursor: null });
  return items[0]?.attempts.at(-1)?.at ?? null;
}
