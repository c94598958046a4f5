import { setImmediate as nextTick } from 'node:timers/promises';
import type { Page, Placed } from '../../../core/ports/page.ts';
import type { FilteredCount, RunStore, TriggerQuery } from '../../../core/ports/run-store.ts';
import type { TriggerRecord } from '../../../core/triggers/trigger.ts';
import { matchesContext, textFinder } from '../../search-text.ts';
import { number, positionAt, type Row, text, textOrNull, timeOf } from '../store/connection.ts';
import type { PayloadFiles } from '../store/data-folder.ts';
import type { Database } from '../store/database.ts';
import { formatCursor, rowsPerRead, scannedPage } from '../store/page-of-rows.ts';
import { triggerRecords } from './find-trigger.ts';
import { readPayload } from './run-rows.ts';

/** Rows scanned for one page. */
const maxRows = 10_000;
/** The same if every row's payload is searched. */
const maxSearchedRows = 2_000;

/** `RunStore.listTriggers`. Accepted triggers have no index of their own, which would cost a write for each event. */
export function listTriggers(database: Database, files: PayloadFiles): RunStore['listTriggers'] {
  const sources = triggerSources(database);
  const isFirst = firstRows(database);
  const matches = triggerSearch(database, files);
  const record = triggerRecords(database);
  return async (query) => {
    const { outcome, search } = query;
    const page = await scannedPage(query, {
      read: sources(query),
      matches: (row) =>
        (outcome === 'filtered' || isFirst(row)) &&
        (search === undefined || matches(text(row, 'trigger_id'), search)),
      itemOf: (row) => ({
        item: record(text(row, 'trigger_id')),
        cursor: formatCursor(number(row, 'position')),
      }),
      maxRows: search === undefined ? maxRows : maxSearchedRows,
    });
    return { ...page, items: page.items.filter(isThere) } satisfies Page<Placed<TriggerRecord>>;
  };
}

/** Retention may remove a trigger while a page is read. */
function isThere(placed: Placed<TriggerRecord | null>): placed is Placed<TriggerRecord> {
  return placed.item !== null;
}

function triggerSources(database: Database): (query: TriggerQuery) => (below: number) => readonly Row[] {
  const source = (rows: string) =>
    database.statement(
      `SELECT * FROM ${rows} position < ? AND position >= ? ORDER BY position DESC LIMIT ${rowsPerRead}`,
    );
  const statements = {
    accepted: {
      all: source('runs WHERE'),
      ofConnector: source('runs INDEXED BY runs_by_connector WHERE connector_id = ? AND'),
    },
    filtered: {
      all: source('filtered_triggers WHERE'),
      ofConnector: source('filtered_triggers WHERE connector_id = ? AND'),
    },
  };
  return ({ outcome, connectorId, from = 0, to }) => {
    const { all, ofConnector } = statements[outcome];
    const end = to === undefined ? Number.MAX_SAFE_INTEGER : positionAt(to);
    return (below) =>
      connectorId === undefined
        ? all.all(Math.min(below, end), positionAt(from))
        : ofConnector.all(connectorId, Math.min(below, end), positionAt(from));
  };
}

/**
 * Whether a run stands for its trigger: it has the greatest of the trigger's consecutive positions, reruns no other run,
 * and was not sent through by hand.
 */
function firstRows(database: Database): (run: Row) => boolean {
  const selectNext = database.statement('SELECT trigger_id FROM runs WHERE position = ?');
  const selectFiltered = database.statement('SELECT 1 FROM filtered_triggers WHERE trigger_id = ?');
  return (run) => {
    if (isRerun(run)) return false;
    const triggerId = text(run, 'trigger_id');
    const next = selectNext.get(number(run, 'position') + 1);
    if (next !== undefined && text(next, 'trigger_id') === triggerId) return false;
    return selectFiltered.get(triggerId) === undefined;
  };
}

/** Runs that other runs have started name them in their chain. */
function isRerun(run: Row): boolean {
  const parent = textOrNull(run, 'parent_run_id');
  if (parent === null) return false;
  const chain: unknown[] = JSON.parse(textOrNull(run, 'chain') ?? '[]');
  return chain.at(-1) !== parent;
}

function triggerSearch(
  database: Database,
  files: PayloadFiles,
): (triggerId: string, search: string) => Promise<boolean> {
  const select = database.statement(
    'SELECT payload, payload_file, context FROM triggers WHERE trigger_id = ?',
  );
  return async (triggerId, search) => {
    const row = select.get(triggerId);
    if (row === undefined) return false;
    if (matchesContext(search, () => JSON.parse(textOrNull(row, 'context') ?? '{}'))) return true;
    const payload = await readPayload(row, files);
    return payload !== null && textFinder(search)(payload.text);
  };
}

/** `RunStore.countFiltered` */
export function countFiltered(database: Database): RunStore['countFiltered'] {
  const select = database.statement(`
    SELECT position, connector_id FROM filtered_triggers WHERE position >= ? AND position < ?
    ORDER BY position LIMIT ${rowsPerCount}`);
  return async ({ from, to }) => {
    const counts = new Map<string, FilteredCount>();
    let next = positionAt(from);
    for (;;) {
      const rows = select.all(next, positionAt(to));
      for (const row of rows) {
        const connectorId = text(row, 'connector_id');
        const filtered = (counts.get(connectorId)?.filtered ?? 0) + 1;
        counts.set(connectorId, { filtered, lastReceivedAt: timeOf(number(row, 'position')) });
      }
      const last = rows.at(-1);
      if (last === undefined || rows.length < rowsPerCount) return counts;
      next = number(last, 'position') + 1;
      await nextTick();
    }
  };
}

/** Rows read at a time: takes a few milliseconds, then the event loop gets a turn. */
const rowsPerCount = 1_000;
