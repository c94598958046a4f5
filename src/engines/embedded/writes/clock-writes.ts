import type { SQLOutputValue } from 'node:sqlite';
import { bytes, type Connection } from '../store/connection.ts';

/** Rows scanned per operation: takes a few milliseconds. */
const lookedAtATime = 5_000;

/** Tables with rows that wait for a time, and how to move a time after ?2 forward by ?1 ms. */
const waiting = {
  runs: {
    key: 'position',
    change: 'available_at = available_at - ?1',
    condition: `status = 'queued' AND available_at > ?2`,
  },
  deliveries: {
    key: 'position',
    change: 'available_at = available_at - ?1, next_attempt_at = next_attempt_at - ?1',
    condition: `status = 'pending' AND available_at > ?2`,
  },
  outbox: { key: 'run_id', change: 'due_at = due_at - ?1', condition: 'due_at > ?2' },
} as const;

export type WaitingTable = keyof typeof waiting;
export const waitingTables: readonly WaitingTable[] = ['runs', 'deliveries', 'outbox'];

/** A part of a table, and how far to bring its waiting rows forward. */
export interface SetBack {
  readonly table: WaitingTable;
  /** The key of the row before the part; `null` to begin with the first row. */
  readonly after: SQLOutputValue;
  /** How many ms the clock went back. */
  readonly backMs: number;
  /** The clock's time after that, Unix ms. */
  readonly now: number;
}

/** Writes after the system clock was set. */
export function clockWrites(connection: Connection) {
  const portions = {
    runs: bringForward(connection, 'runs'),
    deliveries: bringForward(connection, 'deliveries'),
    outbox: bringForward(connection, 'outbox'),
  };
  return {
    /**
     * Brings waiting rows forward among the next `lookedAtATime` rows. A repeated request is not done twice.
     * @returns the key of the last of them; `null` if none is left
     */
    bringForward: onceInARow(connection, (setBack) => portions[setBack.table](setBack)),
  };
}

type Portion = (setBack: SetBack) => SQLOutputValue;

/** A caller without an answer repeats its request, so the last request and its result are stored with the rows. */
function onceInARow(connection: Connection, portion: Portion): Portion {
  const name = 'brought-forward';
  const select = connection.statement('SELECT value FROM engine_state WHERE name = ?');
  const upsert = connection.statement('INSERT OR REPLACE INTO engine_state (name, value) VALUES (?, ?)');
  return (setBack) => {
    const asked = JSON.stringify(setBack);
    const row = select.get(name);
    const done = row === undefined ? null : JSON.parse(Buffer.from(bytes(row, 'value')).toString());
    if (done?.asked === asked) return done.last;
    const last = portion(setBack);
    upsert.run(name, Buffer.from(JSON.stringify({ asked, last })));
    return last;
  };
}

function bringForward(connection: Connection, table: WaitingTable): Portion {
  const { key, change, condition } = waiting[table];
  const beforeFirst = key === 'position' ? '-1' : `''`;
  const selectLast = connection.statement(`
    SELECT max(${key}) AS last FROM (
      SELECT ${key} FROM ${table} WHERE ${key} > coalesce(?, ${beforeFirst}) ORDER BY ${key} LIMIT ${lookedAtATime})`);
  const update = connection.statement(`
    UPDATE ${table} SET ${change}
    WHERE ${key} > coalesce(?3, ${beforeFirst}) AND ${key} <= ?4 AND ${condition}`);
  return ({ after, backMs, now }) => {
    const last = selectLast.get(after)?.['last'] ?? null;
    if (last !== null) update.run(backMs, now, after, last);
    return last;
  };
}
