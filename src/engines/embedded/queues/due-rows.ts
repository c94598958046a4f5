import { numberOrNull, type Row, text, textOrNull } from '../store/columns.ts';
import type { Database } from '../store/database.ts';
import type { LaneSource } from './lane-source.ts';

export interface DueTable {
  /** Table, index and condition of the rows that wait; the index begins with the lane and `available_at`. */
  readonly rows: string;
  /** Column that names the lane. */
  readonly lane: string;
  /** Column that names the piece of work. */
  readonly id: string;
  /** SQL expressions for the files that are read for the work; NULL where there is none. */
  readonly files?: readonly string[];
  /** In bytes. */
  readonly sizeOf?: (file: string) => number;
}

/** Finds work in a table whose rows wait until `available_at`. */
export function dueRows(
  database: Database,
  { rows, lane, id, files = [], sizeOf = () => 0 }: DueTable,
): Pick<LaneSource, 'lanes' | 'due' | 'nextDueAt' | 'bytesOf'> {
  // Jumps from lane to lane along the index, instead of reading every row that waits.
  const selectLanes = database.statement(`
    WITH RECURSIVE lanes (name) AS (
      SELECT min(${lane}) FROM ${rows}
      UNION ALL
      SELECT (SELECT min(${lane}) FROM ${rows} AND ${lane} > name) FROM lanes WHERE name IS NOT NULL)
    SELECT name FROM lanes WHERE name IS NOT NULL`);
  const selectDue = database.statement(`
    SELECT ${id} AS id ${files.map((file, index) => `, (${file}) AS file_${index}`).join('')}
    FROM ${rows} AND ${lane} = ? AND available_at <= ?
    ORDER BY available_at, position LIMIT ?`);
  const selectNextDue = database.statement(
    `SELECT min(available_at) AS available_at FROM ${rows} AND ${lane} = ?`,
  );
  /** Of what was found last, where it is more than nothing. */
  const found = new Map<string, number>();
  const weigh = (row: Row) => {
    const named = files.map((_, index) => textOrNull(row, `file_${index}`)).filter((file) => file !== null);
    if (named.length > 0)
      found.set(
        text(row, 'id'),
        named.reduce((sum, file) => sum + sizeOf(file), 0),
      );
    return text(row, 'id');
  };
  return {
    lanes: () => selectLanes.all().map((row) => text(row, 'name')),
    due(name, now, limit) {
      found.clear();
      return selectDue.all(name, now, limit).map(weigh);
    },
    bytesOf: (workId) => found.get(workId) ?? 0,
    nextDueAt(name) {
      const row = selectNextDue.get(name);
      return row === undefined ? null : numberOrNull(row, 'available_at');
    },
  };
}
