import { setImmediate as nextTick } from 'node:timers/promises';
import type { RunStats, StatsQuery } from '../../../core/ports/run-store.ts';
import { type CountedRun, RunTally } from '../../run-tally.ts';
import { number, numberOrNull, positionAt, type Row, text, textOrNull } from '../store/connection.ts';
import type { Database } from '../store/database.ts';
import { statusOfRow } from './run-rows.ts';

/** Rows read at a time: takes a few milliseconds, then the event loop gets a turn. */
const rowsPerRead = 1_000;

/** Counts the runs that were queued in a span of time. */
export function countRuns(database: Database): (query: StatsQuery) => Promise<RunStats> {
  const columns = `position, agent_name, connector_id, model, status, queued_at, started_at, ended_at, tokens_input, tokens_output,
    tokens_total, cost_usd`;
  const range = `position >= ? AND position < ? ORDER BY position LIMIT ${rowsPerRead}`;
  const ofAll = database.statement(`SELECT ${columns} FROM runs WHERE ${range}`);
  const ofAgent = database.statement(`SELECT ${columns} FROM runs WHERE agent_name = ? AND ${range}`);
  return async (query) => {
    const { from, to, agentName } = query;
    const tally = new RunTally(query);
    const end = positionAt(to);
    let next = positionAt(from);
    for (;;) {
      const rows = agentName === undefined ? ofAll.all(next, end) : ofAgent.all(agentName, next, end);
      for (const row of rows) tally.add(countedRunOf(row));
      const last = rows.at(-1);
      if (last === undefined || rows.length < rowsPerRead) break;
      next = number(last, 'position') + 1;
      await nextTick();
    }
    return tally.toStats();
  };
}

function countedRunOf(row: Row): CountedRun {
  return {
    agentName: text(row, 'agent_name'),
    connectorId: textOrNull(row, 'connector_id'),
    model: textOrNull(row, 'model'),
    status: statusOfRow(row),
    queuedAt: number(row, 'queued_at'),
    startedAt: numberOrNull(row, 'started_at'),
    endedAt: numberOrNull(row, 'ended_at'),
    costUsd: numberOrNull(row, 'cost_usd'),
    tokenUsage:
      row['tokens_total'] === null
        ? null
        : {
            input: number(row, 'tokens_input'),
            output: number(row, 'tokens_output'),
            total: number(row, 'tokens_total'),
          },
  };
}
