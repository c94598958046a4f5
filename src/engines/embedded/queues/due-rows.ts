import { numberOrNull, text } from '../columns.ts';
import type { Database } from '../database.ts';
import type { LaneSource } from './lane-source.ts';

export interface DueTable {
  /** Table, index and condition of the rows that wait; the index begins with the lane and `available_at`. */
  readonly rows: string;
  /** Column that names the lane. */
  readonly lane: string;
  /** Column that names the piece of work. */
  readonly id: string;
}

/** Finds work in a table whose rows wait until `available_at`. */
export function dueRows(
  database: Database,
  { rows, lane, id }: DueTable,
): Pick<LaneSource, 'lanes' | 'due' | 'nextDueAt'> {
  // Jumps from lane to lane along the index, instead of reading every row that waits.
  const selectLanes = database.statement(`
    WITH RECURSIVE lanes (name) AS (
      SELECT min(${lane}) FROM ${rows}
      UNION ALL
      SELECT (SELECT min(${lane}) FROM ${rows} AND ${lane} > name) FROM lanes WHERE name IS NOT NULL)
    SELECT name FROM lanes WHERE name IS NOT NULL`);
  const selectDue = database.statement(`
    SELECT ${id} AS id FROM ${rows} AND ${lane} = ? AND available_at <= ?
    ORDER BY available_at, position LIMIT ?`);
  const selectNextDue = database.statement(
    `SELECT min(available_at) AS available_at FROM ${rows} AND ${lane} = ?`,
  );
  return {
    lanes: () => selectLanes.all().map((row) => text(row, 'name')),
    due: (name, now, limit) => selectDue.all(name, now, limit).map((row) => text(row, 'id')),
    nextDueAt(name) {
      const row = selectNextDue.get(name);
      return row === undefined ? null : numberOrNull(row, 'available_at');
    },
  };
}
