import type { Page } from '../../../core/ports/page.ts';
import type { RunQuery } from '../../../core/ports/run-store.ts';
import type { RunStatus, RunSummary } from '../../../core/runs/run.ts';
import { isAmong } from '../../../core/runs/runs-of-id.ts';
import { positionAt, type Row, type Statement, text, textOrNull } from '../store/connection.ts';
import type { Database } from '../store/database.ts';
import { rowsPerRead, scannedPage } from '../store/page-of-rows.ts';
import { summaryOfRow } from './run-rows.ts';
import type { RunSearch } from './search-runs.ts';

/** Rows scanned for one page. */
const maxRows = 10_000;
/** The same if every row's payload and output are searched. */
const maxSearchedRows = 2_000;

/** Lists runs, newest first, along the best index; scans a bounded number of rows per page. */
export function listRuns(
  database: Database,
  runSearch: RunSearch,
): (query: RunQuery) => Promise<Page<RunSummary>> {
  const sources = runSources(database);
  return (query) => {
    const { search } = query;
    const scan = { read: sources(query), itemOf: summaryOfRow };
    if (search === undefined) {
      return scannedPage(query, { ...scan, matches: (row) => matchesFilters(row, query), maxRows });
    }
    const matches = (row: Row) => matchesFilters(row, query) && runSearch.matches(row, search);
    return scannedPage(query, { ...scan, matches, maxRows: maxSearchedRows });
  };
}

function runSources(database: Database): (query: RunQuery) => (below: number) => readonly Row[] {
  const source = (runs: string): Statement =>
    database.statement(
      `SELECT * FROM ${runs} position < ? AND position >= ? ORDER BY position DESC LIMIT ${rowsPerRead}`,
    );
  const byTime = source('runs WHERE');
  const byAgent = source('runs INDEXED BY runs_by_agent WHERE agent_name = ? AND');
  const byConnector = source('runs INDEXED BY runs_by_connector WHERE connector_id = ? AND');
  const byStatus: ReadonlyMap<RunStatus, Statement> = new Map(
    // Most runs are completed or queued, so a scan by time finds the newest of them soon enough.
    [
      ...(['running', 'failed', 'cancelled'] as const).map(
        (status) =>
          [status, source(`runs INDEXED BY runs_by_status WHERE status = '${status}' AND`)] as const,
      ),
      ['scheduled', source(`runs INDEXED BY runs_in_waiting WHERE status = 'scheduled' AND`)] as const,
    ],
  );
  return (query) => {
    const from = positionAt(query.from ?? 0);
    const to = query.to === undefined ? Number.MAX_SAFE_INTEGER : positionAt(query.to);
    const below = (position: number) => Math.min(position, to);
    const { connectorId, agentName, statuses = [] } = query;
    const status = statuses.length === 1 ? byStatus.get(statuses[0] ?? 'queued') : undefined;
    if (status !== undefined) return (position) => status.all(below(position), from);
    if (connectorId !== undefined) return (position) => byConnector.all(connectorId, below(position), from);
    if (agentName !== undefined) return (position) => byAgent.all(agentName, below(position), from);
    return (position) => byTime.all(below(position), from);
  };
}

function matchesFilters(row: Row, query: RunQuery): boolean {
  const { statuses = [], agentName, connectorId, model, minDurationMs } = query;
  if (statuses.length > 0 && !statuses.some((status) => status === text(row, 'status'))) return false;
  if (agentName !== undefined && text(row, 'agent_name') !== agentName) return false;
  if (connectorId !== undefined && textOrNull(row, 'connector_id') !== connectorId) return false;
  if (model === undefined && minDurationMs === undefined) return true;
  return isAmong(summaryOfRow(row), query);
}
