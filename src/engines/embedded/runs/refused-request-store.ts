import {
  type RefusedRequestSearch,
  type RefusedRequestStore,
  refusedKeptMs,
} from '../../../core/ports/refused-request-store.ts';
import type { RefusedRequest } from '../../../core/triggers/refused-request.ts';
import { matchesRefused } from '../../search-refused.ts';
import { number, type Row, text } from '../store/connection.ts';
import type { Database } from '../store/database.ts';
import { formatCursor, pageOfRows, rowsPerRead, scannedPage } from '../store/page-of-rows.ts';

/** Rows scanned for one page: all that are kept. */
const maxRows = 10_000;

/** Keeps requests that started no run. */
export function createRefusedRequestStore(database: Database): RefusedRequestStore {
  const selectPage = database.statement(`
    SELECT position, record FROM refused_requests WHERE position < ? AND at > ? ORDER BY position DESC LIMIT ?`);
  const selectOfConnector = database.statement(`
    SELECT position, record FROM refused_requests WHERE connector_id = ? AND position < ? AND at > ?
    ORDER BY position DESC LIMIT ?`);
  const selectOne = database.statement(
    `SELECT record FROM refused_requests WHERE json_extract(record, '$.requestId') = ?`,
  );
  const read = ({ connectorId, now }: Pick<RefusedRequestSearch, 'connectorId' | 'now'>) => {
    const after = now - refusedKeptMs;
    return (position: number, limit: number) =>
      connectorId === undefined
        ? selectPage.all(position, after, limit)
        : selectOfConnector.all(connectorId, position, after, limit);
  };
  return {
    add: (request) => database.write('addRefusedRequest', request),
    list: async (query) => pageOfRows(query, read(query), requestOfRow),
    search(query) {
      const rows = read(query);
      return scannedPage(query, {
        read: (below) => rows(below, rowsPerRead),
        matches: (row) => matchesRefused(requestOfRow(row), query),
        itemOf: (row) => ({ item: requestOfRow(row), cursor: formatCursor(number(row, 'position')) }),
        maxRows,
      });
    },
    async find(requestId) {
      const row = selectOne.get(requestId);
      return row === undefined ? null : requestOfRow(row);
    },
  };
}

function requestOfRow(row: Row): RefusedRequest {
  return JSON.parse(text(row, 'record'));
}
