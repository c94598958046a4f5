import * as z from 'zod';
import type { ConnectorHistory } from '../../../core/ports/connector-history.ts';
import { connectorEventKey, idOf, listedAt, listKey, listKeys, tableIndexes } from '../store/keys.ts';
import { collectPage, inOrder } from '../store/listing.ts';
import type { Retention } from '../store/retention.ts';
import type { Table } from '../store/table.ts';

const storedEvent = z.object({
  eventId: z.string(),
  connectorId: z.string(),
  at: z.number(),
  event: z.string(),
  detail: z.string(),
});

/** The event log of connectors. An event with a known id replaces the stored one. */
export function connectorHistory(table: Table, retention: Retention): ConnectorHistory {
  return {
    async append(event) {
      const { eventId, connectorId, at } = event;
      await table.put({
        ...connectorEventKey(eventId),
        connectorKey: listKey('CONNECTOR-EVENT', eventId, connectorId),
        listed: listedAt(at, eventId),
        ...event,
        expiresAt: retention.expiryOf(at),
      });
    },
    async list(connectorId, request) {
      const partitions = listKeys('CONNECTOR-EVENT', connectorId);
      return collectPage(table, { index: tableIndexes.byConnector, partitions }, request, async (places) => {
        const ids = places.map(idOf);
        const items = await table.getMany(ids.map(connectorEventKey));
        const events = items.map((item) => storedEvent.parse(item));
        return inOrder(ids, events, ({ eventId }) => eventId);
      });
    },
  };
}
