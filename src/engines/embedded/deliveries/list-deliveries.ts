import type { Delivery } from '../../../core/deliveries/delivery.ts';
import type { DeliveryQuery } from '../../../core/ports/delivery-store.ts';
import type { Page } from '../../../core/ports/page.ts';
import { type Row, text } from '../store/columns.ts';
import type { Database } from '../store/database.ts';
import { rowsPerRead, scannedPage } from '../store/scanned-page.ts';
import { positionAt } from '../store/timed-positions.ts';

/** Rows looked at for one page. */
const maxRows = 10_000;

/** Lists deliveries, newest first: along the index that fits best, looking at a bounded number of rows for one page. */
export function listDeliveries(
  database: Database,
  itemOf: (row: Row) => Delivery,
): (query: DeliveryQuery) => Promise<Page<Delivery>> {
  const sources = deliverySources(database);
  return (query) => {
    const matches = (row: Row) => matchesFilters(row, query);
    return scannedPage(query, { read: sources(query), matches, itemOf, maxRows });
  };
}

function deliverySources(database: Database): (query: DeliveryQuery) => (below: number) => readonly Row[] {
  const source = (deliveries: string) =>
    database.statement(
      `SELECT * FROM ${deliveries} position < ? AND position >= ? ORDER BY position DESC LIMIT ${rowsPerRead}`,
    );
  const byTime = source('deliveries WHERE');
  const byRun = source('deliveries INDEXED BY deliveries_by_run WHERE run_id = ? AND');
  const byConnector = source('deliveries INDEXED BY deliveries_by_connector WHERE connector_id = ? AND');
  const byStatus = source(
    `deliveries INDEXED BY deliveries_by_status WHERE status = ? AND status <> 'delivered' AND`,
  );
  return ({ from, to, runId, connectorId, status }) => {
    const first = positionAt(from ?? 0);
    const end = to === undefined ? Number.MAX_SAFE_INTEGER : positionAt(to);
    const below = (position: number) => Math.min(position, end);
    if (runId !== undefined) return (position) => byRun.all(runId, below(position), first);
    if (connectorId !== undefined) return (position) => byConnector.all(connectorId, below(position), first);
    // Delivered ones are the many: the newest of them are found soon enough by time.
    if (status === undefined || status === 'delivered')
      return (position) => byTime.all(below(position), first);
    return (position) => byStatus.all(status, below(position), first);
  };
}

function matchesFilters(row: Row, { status, connectorId, runId }: DeliveryQuery): boolean {
  if (status !== undefined && text(row, 'status') !== status) return false;
  if (connectorId !== undefined && text(row, 'connector_id') !== connectorId) return false;
  return runId === undefined || text(row, 'run_id') === runId;
}
