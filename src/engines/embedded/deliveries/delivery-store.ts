import {
  type Attempt,
  type Delivery,
  type DeliveryStatus,
  deliveryStatuses,
} from '../../../core/deliveries/delivery.ts';
import { RetryableError } from '../../../core/errors.ts';
import type { DeliveryQuery, DeliveryStore } from '../../../core/ports/delivery-store.ts';
import type { Page } from '../../../core/ports/page.ts';
import type { Changes } from '../changes.ts';
import { number, numberOrNull, positionAt, type Row, text, textOrNull } from '../store/connection.ts';
import type { Database } from '../store/database.ts';
import { rowsPerRead, scannedPage } from '../store/page-of-rows.ts';

/**
 * Keeps deliveries with their attempts in SQLite.
 * @param onPending called with the connector of every delivery that becomes pending
 */
export function createDeliveryStore(
  database: Database,
  changes: Changes,
  onPending: (connectorId: string) => void,
): DeliveryStore {
  const readDelivery = deliveryReader(database);
  const select = database.statement('SELECT * FROM deliveries WHERE delivery_id = ?');
  const selectOfRun = database.statement('SELECT * FROM deliveries WHERE run_id = ? ORDER BY position');

  const tellChange = (row: Row): void => {
    changes.publish(() => ({ type: 'delivery.updated', delivery: readDelivery(row) }));
    if (text(row, 'status') === 'pending') onPending(text(row, 'connector_id'));
  };

  return {
    async plan(runId, deliveries) {
      const planned = deliveries.map(({ attempts: _none, ...delivery }) => delivery);
      for (const row of await database.write('planDeliveries', runId, planned)) tellChange(row);
    },
    async add(deliveries) {
      const added = deliveries.map(({ attempts: _none, ...delivery }) => delivery);
      for (const row of await database.write('addDeliveries', added)) tellChange(row);
    },
    async send({ attempts: _none, ...delivery }) {
      for (const row of await database.write('addDeliveries', [delivery])) tellChange(row);
      const stored = select.get(delivery.deliveryId);
      if (stored === undefined) throw new RetryableError('The delivery was deleted as it was sent.');
      return readDelivery(stored);
    },
    async get(deliveryId) {
      const row = select.get(deliveryId);
      return row === undefined ? null : readDelivery(row);
    },
    list: listDeliveries(database, readDelivery),
    async ofRun(runId) {
      return selectOfRun.all(runId).map(readDelivery);
    },
    async claim(deliveryId, owner, now, until) {
      const row = await database.write('claimDelivery', deliveryId, owner, now, until);
      return row === undefined ? null : readDelivery(row);
    },
    async record(deliveryId, owner, attempt, next) {
      const row = await database.write('recordAttempt', deliveryId, owner, attempt, next);
      if (row === undefined) return 'lost';
      tellChange(row);
      return 'recorded';
    },
    async release(deliveryId, owner, availableAt) {
      const row = await database.write('releaseDelivery', deliveryId, owner, availableAt);
      if (row !== undefined) tellChange(row);
    },
    async hold(deliveryId, owner, reason) {
      const row = await database.write('holdDelivery', deliveryId, owner, reason);
      if (row === undefined) return 'lost';
      tellChange(row);
      return 'held';
    },
    async drop(deliveryId, reason) {
      const row = await database.write('dropDelivery', deliveryId, reason);
      if (row === undefined) return null;
      tellChange(row);
      return readDelivery(row);
    },
    countHeld: countHeld(database),
    async redeliver(deliveryId, now) {
      const row = await database.write('redeliver', deliveryId, now);
      if (row === undefined) return null;
      tellChange(row);
      return readDelivery(row);
    },
    async hurry(deliveryId, now) {
      const row = await database.write('hurryDelivery', deliveryId, now);
      if (row !== undefined) tellChange(row);
      return row !== undefined;
    },
  };
}

/** Rows scanned for one page. */
const maxRows = 10_000;

/** Lists deliveries, newest first, along the best index; scans a bounded number of rows per page. */
function listDeliveries(
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
    // Few deliveries are pending, but the connector may have delivered many since the oldest of them.
    if (status === 'pending') return (position) => byStatus.all(status, below(position), first);
    if (connectorId !== undefined) return (position) => byConnector.all(connectorId, below(position), first);
    // Most deliveries are delivered, so a scan by time finds the newest of them soon enough.
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

/** Reads a row of `deliveries` together with its attempts. */
function deliveryReader(database: Database): (row: Row) => Delivery {
  const selectAttempts = database.statement(
    'SELECT * FROM delivery_attempts WHERE delivery_id = ? ORDER BY number',
  );
  return (row) => {
    const deliveryId = text(row, 'delivery_id');
    const event = textOrNull(row, 'event');
    const message = textOrNull(row, 'message');
    return {
      deliveryId,
      runId: text(row, 'run_id'),
      agentName: text(row, 'agent_name'),
      connectorId: text(row, 'connector_id'),
      status: statusOfRow(row),
      reason: textOrNull(row, 'reason'),
      attempts: selectAttempts.all(deliveryId).map(attemptOfRow),
      attemptsInSchedule: number(row, 'attempts_in_schedule'),
      nextAttemptAt: numberOrNull(row, 'next_attempt_at'),
      createdAt: number(row, 'created_at'),
      ...(event === null ? {} : { event: JSON.parse(event) }),
      ...(message === null ? {} : { message: JSON.parse(message) }),
    };
  };
}

function attemptOfRow(row: Row): Attempt {
  const responseHeaders = textOrNull(row, 'response_headers');
  const sent = textOrNull(row, 'sent');
  const partsSent = numberOrNull(row, 'parts_sent');
  return {
    at: number(row, 'at'),
    durationMs: number(row, 'duration_ms'),
    statusCode: numberOrNull(row, 'status_code'),
    error: textOrNull(row, 'error'),
    responseExcerpt: textOrNull(row, 'response_excerpt'),
    ...(responseHeaders === null ? {} : { responseHeaders: JSON.parse(responseHeaders) }),
    ...(sent === null ? {} : { sent: JSON.parse(sent) }),
    ...(partsSent === null ? {} : { partsSent }),
  };
}

function statusOfRow(row: Row): DeliveryStatus {
  const stored = text(row, 'status');
  const status = deliveryStatuses.find((known) => known === stored);
  if (status === undefined) throw new Error(`a delivery is stored with the status ${stored}`);
  return status;
}

/** Ended runs whose deliveries are not planned yet. */
export interface Outbox {
  /** Unix ms; `null` if the outbox is empty. */
  nextDueAt(): number | null;
  due(now: number, limit: number): readonly string[];
  has(runId: string): boolean;
}

export function createOutbox(database: Database): Outbox {
  const selectNext = database.statement('SELECT min(due_at) AS due_at FROM outbox');
  const selectDue = database.statement('SELECT run_id FROM outbox WHERE due_at <= ? ORDER BY due_at LIMIT ?');
  const select = database.statement('SELECT 1 FROM outbox WHERE run_id = ?');
  return {
    nextDueAt() {
      const row = selectNext.get();
      return row === undefined ? null : numberOrNull(row, 'due_at');
    },
    due: (now, limit) => selectDue.all(now, limit).map((row) => text(row, 'run_id')),
    has: (runId) => select.get(runId) !== undefined,
  };
}

/** Stops counting here, so that a count blocks the event loop for about 10 ms at most. */
const maxCounted = 100_000;

/** `DeliveryStore.countHeld`, along the index of held deliveries. */
function countHeld(database: Database): DeliveryStore['countHeld'] {
  const counting = (ofConnector: string) =>
    database.statement(`
      SELECT count(*) AS counted, min(created_at) AS oldest FROM (
        SELECT created_at FROM deliveries INDEXED BY deliveries_held WHERE status = 'held' ${ofConnector}
        LIMIT ${maxCounted + 1})`);
  const countAll = counting('');
  const countOfConnector = counting('AND connector_id = ?');
  return async (connectorId) => {
    const row = connectorId === undefined ? countAll.get() : countOfConnector.get(connectorId);
    const counted = row === undefined ? 0 : number(row, 'counted');
    return {
      count: Math.min(counted, maxCounted),
      oldestAt: row === undefined ? null : numberOrNull(row, 'oldest'),
      more: counted > maxCounted,
    };
  };
}
