import type { Client } from 'pg';
import type { InboundConfig } from './config.ts';
import { maxRowBytes, type RowEvent } from './database-event.ts';
import { cursorOwner, type TableCursor } from './table-cursor.ts';
import { type TableFacts, tableFacts } from './table-facts.ts';

/** The most rows that one poll reads. */
const maxRows = 300;
/** A poll whose rows have more bytes of JSON ends with the row that passes this. */
const maxBytes = 16 * 1024 * 1024;
/** The most rows that are fetched at a time; the first time, when nothing is known about their size, it is one. */
const maxStep = 50;
/** No further step begins after this time, in ms: with the longest step, a poll still ends in time. */
const readForMs = 4_000;
/**
 * The most polls that are told apart while rows may still appear below the top: enough for polls every second and
 * transactions of minutes. Later polls count as one.
 */
export const maxSteps = 1_000;

export interface TableRead {
  readonly events: readonly RowEvent[];
  readonly cursor: TableCursor;
  readonly more: boolean;
}

interface Row {
  /** JSON; `null` if the row is too large. */
  readonly data: string | null;
  readonly bytes: number;
  readonly value: string;
  /** JSON of the value. */
  readonly shown: string;
  readonly key: string;
  /** Whether the row is above the highest value read before. */
  readonly above: boolean;
  /** Unix ms. */
  readonly since: number;
}

/**
 * Reads the new rows of a table: those above the highest value read, and those below it whose transactions were
 * unfinished at the last poll. The first poll only notes where the table ends.
 *
 * @param now Unix ms
 * @throws MissingTable; or what the client throws
 */
export async function readTable(
  client: Client,
  config: InboundConfig,
  before: TableCursor | null,
  now: number,
): Promise<TableRead> {
  const facts = await tableFacts(client, config);
  // Read before the snapshot is taken: the snapshot sees all commits of transactions that are not in this list.
  const runningBefore = await runningTransactions(client);
  await client.query('BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
  const { snapshot, oldest, end } = await snapshotOf(client);
  const running = await runningTransactions(client);
  const look = { snapshot, running, end, at: now };
  if (before === null)
    return {
      events: [],
      cursor: firstCursor(config, facts, await highest(client, facts), look),
      more: false,
    };
  const { rows, isFull } = await newRows(client, facts, config, before);
  const { next } = before;
  const isSettled =
    !next.running.some((one) => runningBefore.includes(one)) && BigInt(next.end ?? 0) <= BigInt(oldest);
  const cursor = cursorAfter(before, rows, { ...look, isSettled, isFull });
  const { table = '' } = config;
  const events = rows.map(({ above: _, ...row }): RowEvent => ({ kind: 'row', table, readAt: now, ...row }));
  return { events, cursor, more: cursor.scan !== null };
}

interface Look {
  readonly snapshot: string;
  /** Transactions that were running then. */
  readonly running: string[];
  /** On a standby, every transaction below may have run at it. */
  readonly end: string | null;
  /** Unix ms. */
  readonly at: number;
}

interface Snapshot {
  readonly snapshot: string;
  /** Every transaction below has ended. */
  readonly oldest: string;
  readonly end: string | null;
}

async function snapshotOf(client: Client): Promise<Snapshot> {
  const { rows } = await client.query<Snapshot>(
    `SELECT seen::text AS snapshot, txid_snapshot_xmin(seen)::text AS oldest,
       CASE WHEN pg_is_in_recovery() THEN txid_snapshot_xmax(seen)::text END AS "end"
     FROM txid_current_snapshot() AS seen`,
  );
  const [seen] = rows;
  if (seen === undefined) throw new Error('The server gave no snapshot.');
  return seen;
}

/**
 * Rows whose transactions run at the first look may appear below the top: the floor is under the highest rows, which are
 * remembered, as an update makes them look new.
 */
function firstCursor(
  config: InboundConfig,
  { keyColumns }: TableFacts,
  highestRows: readonly PlacedRow[],
  { snapshot, running, end, at }: Look,
): TableCursor {
  const top = highestRows[0]?.value ?? null;
  const lowest = highestRows.length < maxRows ? null : (highestRows.at(-1)?.value ?? null);
  const place = { of: cursorOwner(config), floor: keyColumns.length > 0 ? lowest : top, top, snapshot, at };
  const old = { top, keys: highestRows.map(({ key }) => key) };
  const steps = top === null ? [] : [{ top, at }];
  return { ...place, steps, next: { floor: top, running, end }, scan: null, old };
}

/**
 * @param look whose `isSettled` says whether all transactions that the next floor waits for had ended before it, and
 *   `isFull` whether more rows may follow
 */
export function cursorAfter(
  before: TableCursor,
  rows: readonly Pick<Row, 'value' | 'key' | 'above'>[],
  { isFull, ...look }: Look & { readonly isSettled: boolean; readonly isFull: boolean },
): TableCursor {
  // Rows are sorted, with those below the top first.
  const last = rows.at(-1);
  const top = last?.above === true ? last.value : before.top;
  const steps = top === null || top === before.top ? before.steps : stepsTo(top, before);
  const begun = before.scan ?? { ...look, firstTop: top };
  if (last !== undefined && isFull) {
    const after = { value: last.value, key: last.key };
    return { ...before, top, steps, scan: { ...begun, after } };
  }
  const { snapshot, running, end, at, firstTop, isSettled } = begun;
  if (!isSettled) return { ...before, top, steps, snapshot, at, scan: null };
  const next = { floor: firstTop, running, end };
  // Steps below the floor are of no more use; their order is that of the table.
  const atFloor = steps.findIndex((step) => step.top === before.next.floor);
  const isInLast = atFloor === -1 && before.next.floor !== null && steps.length === maxSteps;
  const used = isInLast ? steps.slice(-1) : steps.slice(Math.max(0, atFloor));
  const floor = before.next.floor;
  const old = before.old !== null && before.old.top === floor ? before.old : null;
  return { ...before, floor, next, top, steps: used, snapshot, at, scan: null, old };
}

/** The last step grows when there are too many: a row that is read again keeps its time. */
function stepsTo(top: string, before: TableCursor): TableCursor['steps'] {
  const kept = before.steps.slice(0, maxSteps - 1);
  return [...kept, { top, at: timeAbove(before) }];
}

/** Unix ms for the rows above all steps. */
export function timeAbove({ steps, at }: TableCursor): number {
  return steps.length < maxSteps ? at : (steps.at(-1)?.at ?? at);
}

/**
 * Every other transaction of the server, including prepared ones and those that have not written yet. A standby knows
 * only the primary's transactions that have written; its recovery process holds a lock that never ends, for none.
 */
async function runningTransactions(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>(
    `SELECT virtualtransaction AS id FROM pg_locks
     WHERE locktype IN ('virtualxid', 'transactionid') AND mode = 'ExclusiveLock' AND pid IS DISTINCT FROM pg_backend_pid()
       AND virtualtransaction NOT LIKE '%/0'
     UNION SELECT 'xid ' || txid_snapshot_xip(txid_current_snapshot())`,
  );
  return rows.map(({ id }) => id);
}

interface PlacedRow {
  readonly value: string;
  readonly key: string;
}

/** The highest rows, the highest one first. */
async function highest(client: Client, facts: TableFacts): Promise<PlacedRow[]> {
  const cursor = `t.${facts.cursorColumn}`;
  const { rows } = await client.query<PlacedRow>(
    `SELECT ${cursor}::text AS value, ${keyOf(facts)} AS key FROM ${facts.name} AS t WHERE ${cursor} IS NOT NULL
     ORDER BY ${cursor} DESC LIMIT ${facts.hasRows ? maxRows : 1}`,
  );
  return rows;
}

interface RowsRead {
  readonly rows: readonly Row[];
  /** Whether the poll has read as much as it may, so that more rows may follow. */
  readonly isFull: boolean;
}

/** Reads rows in small steps, so that large ones take neither all memory nor all the time of a poll. */
async function newRows(
  client: Client,
  facts: TableFacts,
  config: InboundConfig,
  before: TableCursor,
): Promise<RowsRead> {
  const until = performance.now() + readForMs;
  await client.query(`DECLARE found NO SCROLL CURSOR FOR ${rowsQuery(facts, config)}`, parametersOf(before));
  const rows = await fetchRows(client, 1);
  let isFull = rows.length > 0;
  let bytes = rows[0]?.bytes ?? 0;
  while (isFull && bytes < maxBytes && rows.length < maxRows && performance.now() < until) {
    const fitting = Math.ceil((maxBytes - bytes) / (bytes / rows.length));
    const step = Math.min(maxStep, maxRows - rows.length, fitting);
    // The next poll begins with rows that cannot be fetched.
    const read = await fetchRows(client, step).catch(() => null);
    if (read === null) break;
    rows.push(...read);
    isFull = read.length === step;
    bytes += read.reduce((sum, row) => sum + row.bytes, 0);
  }
  return { rows, isFull };
}

async function fetchRows(client: Client, count: number): Promise<Row[]> {
  const { rows } = await client.query<Omit<Row, 'since'> & { since: string }>(
    `FETCH FORWARD ${count} FROM found`,
  );
  return rows.map((row) => ({ ...row, since: Number(row.since) }));
}

/** The rows in their order. They become JSON when they are fetched, one by one. */
function rowsQuery(facts: TableFacts, { where }: InboundConfig): string {
  const { name, cursorColumn, cursorType, hasRows, columns } = facts;
  const cursor = `t.${cursorColumn}`;
  const of = (text: string) => `${text}::text::${cursorType}`;
  const key = keyOf(facts);
  const above = `($1::text IS NULL OR ${cursor} > ${of('$1')})`;
  // Snapshots do not list subtransactions, which rows may name: what began after the oldest that ran is read again.
  const late = hasRows
    ? `${transactionOf} >= txid_snapshot_xmin($3::txid_snapshot)`
    : `($3::text IS NOT NULL AND ${cursor} = ${of('$4')})`;
  const chosen = columns.map((column, index) => `t.${column} AS c${index}`).join(', ');
  const named = columns.map((column, index) => `one.c${index} AS ${column}`).join(', ');
  return `SELECT CASE WHEN octet_length(data) <= ${maxRowBytes} THEN data END AS data, octet_length(data) AS bytes,
       value, shown, key, above, since
     FROM (SELECT (SELECT row_to_json(named) FROM (SELECT ${named}) AS named)::text AS data,
         one.value, one.shown, one.key, one.above, one.since
       FROM (SELECT ${chosen}, ${cursor}::text AS value, to_json(${cursor})::text AS shown, ${key} AS key,
           ${above} AS above,
           COALESCE((SELECT min(step.at) FROM unnest($6::text[], $7::bigint[]) AS step(top, at)
             WHERE ${of('step.top')} >= ${cursor}), $8::bigint) AS since
         FROM ${name} AS t
         WHERE ${cursor} IS NOT NULL AND ${where === undefined ? '' : `(${where}\n) AND `}
           ($2::text IS NULL OR ${cursor} >= ${of('$2')}) AND (${above} OR ${late})
           AND ($4::text IS NULL OR (${cursor}, ${key}) > (${of('$4')}, $5))
           AND (${above} OR NOT ${key} = ANY($9::text[]))
         ORDER BY ${cursor}, ${key} LIMIT ${maxRows}) AS one
       OFFSET 0) AS whole`;
}

function parametersOf(before: TableCursor): unknown[] {
  const { floor, top, snapshot, scan, steps, old } = before;
  return [
    ...[top, floor, snapshot, scan?.after.value ?? null, scan?.after.key ?? ''],
    ...[steps.map((step) => step.top), steps.map((step) => step.at), timeAbove(before), old?.keys ?? []],
  ];
}

/** The transaction that wrote a row, with the epoch that the row itself lacks. */
const transactionOf = `(
  SELECT CASE WHEN known > current THEN known - 4294967296 ELSE known END
  FROM (SELECT ((current >> 32) << 32) + t.xmin::text::bigint AS known, current
    FROM (SELECT txid_snapshot_xmax(txid_current_snapshot()) AS current) AS now) AS one)`;

/** Tells rows with the same value apart, in an order that stays the same. */
function keyOf({ keyColumns, hasRows, isRefreshed }: TableFacts): string {
  if (keyColumns.length > 0)
    return `jsonb_build_array(${keyColumns.map((one) => `t.${one}`).join(', ')})::text COLLATE "C"`;
  // Places are those of one partition.
  return hasRows && !isRefreshed
    ? `(t.tableoid::text || t.ctid::text) COLLATE "C"`
    : `md5(t::text) COLLATE "C"`;
}
