import type { ConnectorEvent, ConnectorHistory } from '../../../core/ports/connector-history.ts';
import { number, type Row, text } from '../store/connection.ts';
import type { Database } from '../store/database.ts';
import { pageOfRows } from '../store/page-of-rows.ts';

/** Keeps the events of connectors. Like its runs, they outlive the connector. */
export function createConnectorHistory(database: Database): ConnectorHistory {
  const selectPage = database.statement(`
    SELECT * FROM connector_events WHERE connector_id = ? AND position < ? ORDER BY position DESC LIMIT ?`);
  return {
    append: (event) => database.write('appendEvent', event),
    async list(connectorId, request) {
      const query = (position: number, limit: number) => selectPage.all(connectorId, position, limit);
      return pageOfRows(request, query, eventOfRow);
    },
  };
}

function eventOfRow(row: Row): ConnectorEvent {
  return {
    eventId: text(row, 'event_id'),
    connectorId: text(row, 'connector_id'),
    at: number(row, 'at'),
    event: text(row, 'event'),
    detail: text(row, 'detail'),
  };
}
