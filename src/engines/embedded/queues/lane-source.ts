import type { Log } from '../../../core/ports/log.ts';
import { numberOrNull, type Row, text, textOrNull } from '../store/connection.ts';
import type { Database } from '../store/database.ts';

/** Where a queue finds its work. Lanes share the queue fairly: an agent's runs, or a connector's deliveries. */
export interface LaneSource {
  /** Names of all lanes that have work, due or not. */
  lanes(): readonly string[];
  /** Ids of the lane's oldest due work, at most `limit`. */
  due(lane: string, now: number, limit: number): readonly string[];
  /** Unix ms at which the lane's next work is due; `null` if it has none. */
  nextDueAt(lane: string): number | null;
  /** Does one piece of work; after that, `due` no longer returns it. Throws if the platform failed. */
  work(id: string): Promise<unknown>;
  /** Memory that a piece of work just returned by `due` takes, in bytes. If absent, 0. */
  bytesOf?(id: string): number;
  /** How many pieces of the lane's work may start now, if limited; any more would only find the slots busy. */
  places?(lane: string): number;
  /** Called before every look at all lanes. */
  tidy?(): Promise<unknown>;
}

export interface LaneQueueSettings {
  /** noun.verb of the log event for work that threw. */
  readonly failureEvent: string;
  /** Interval between looks at all lanes, in ms: finds work due by a clock jump or a lapsed lease. Default: 5 s. */
  readonly lookEveryMs?: number;
  readonly maxInFlight: number;
  /** Bytes that the work in flight may take together. Larger work runs alone. */
  readonly maxBytesInFlight?: number;
  /** For one lane. A function is called when the lane gets its first work. */
  readonly maxInFlightPerLane: number | ((lane: string) => number);
  readonly clock: () => number;
  readonly log: Log;
  /** How many pieces of work may start now, if something more urgent needs the process too. Fractions add up. */
  readonly portion?: () => number;
}

interface DueTable {
  /** Table, index and condition of the waiting rows. The index begins with the lane and `available_at`. */
  readonly rows: string;
  /** Column that names the lane. */
  readonly lane: string;
  /** Column that names the piece of work. */
  readonly id: string;
  /** SQL expressions for the files that the work reads; NULL if there is none. */
  readonly files?: readonly string[];
  /** In bytes. */
  readonly sizeOf?: (file: string) => number;
}

/** Finds work in a table whose rows wait until `available_at`. */
export function dueRows(
  database: Database,
  { rows, lane, id, files = [], sizeOf = () => 0 }: DueTable,
): Pick<LaneSource, 'lanes' | 'due' | 'nextDueAt' | 'bytesOf'> {
  // Jump from lane to lane along the index instead of reading every waiting row.
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
  /** Sizes from the last call of `due`; work without files is absent. */
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
