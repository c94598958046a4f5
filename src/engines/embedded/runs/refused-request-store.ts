import { type RefusedRequestStore, refusedKeptMs } from '../../../core/ports/refused-request-store.ts';
import { type Row, text } from '../store/connection.ts';
import type { Database } from '../store/database.ts';
import { pageOfRows } from '../store/page-of-rows.ts';

/** Keeps requests that started no run. */
export function createRefusedRequestStore(database: Database): RefusedRequestStore {
  const selectPage = database.statement(`
    SELECT position, record FROM refused_requests WHERE position < ? AND at > ? ORDER BY position DESC LIMIT ?`);
  const selectOfConnector = database.statement(`
    SELECT position, record FROM refused_requests WHERE connector_id = ? AND position < ? AND at > ?
    ORDER BY position DESC LIMIT ?`);
  return {
    add: (request) => database.write('addRefusedRequest', request),
    async list({ connectorId, now, ...request }) {
      const after = now - refusedKeptMs;
      const query = (position: number, limit: number) =>
        connectorId === undefined
          ? selectPage.all(position, after, limit)
          : selectOfConnector.all(connectorId, position, after, limit);
      return pageOfRows(request, query, requestOfRow);
    },
  };
}

function requestOfRow(row: Row) {
  return JSON.parse(text(row, 'record'));
}
