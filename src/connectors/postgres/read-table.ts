import type { Client } from 'pg';
import type { RowEvent } from './database-event.ts';
import type { InboundConfig } from './inbound-config.ts';
import { cursorOwner, type TableCursor } from './table-cursor.ts';
import { type TableFacts, tableFacts } from './table-facts.ts';

/** The most rows that one poll reads. */
const maxRows = 300;
/**
 * How many polls are remembered while rows may still appear below the top: enough for polls every second and
 * transactions of minutes.
 */
const maxSteps = 1_000;

export interface TableRead {
  readonly events: readonly RowEvent[];
  readonly cursor: TableCursor;
  readonly more: boolean;
}

interface Row {
  /** JSON. */
  readonly data: string;
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
  const {
    rows: [seen],
  } = await client.query<{ snapshot: string }>('SELECT txid_current_snapshot()::text AS snapshot');
  const running = await runningTransactions(client);
  const look = { snapshot: seen?.snapshot ?? '', running, at: now };
  if (before === null)
    return { events: [], cursor: firstCursor(config, await highest(client, facts), look), more: false };
  const rows = await newRows(client, facts, config, before);
  await client.query('COMMIT');
  const isSettled = !before.next.running.some((one) => runningBefore.includes(one));
  const cursor = cursorAfter(before, rows, { ...look, isSettled });
  const { table = '' } = config;
  const events = rows.map(({ above: _, ...row }): RowEvent => ({ kind: 'row', table, readAt: now, ...row }));
  return { events, cursor, more: cursor.scan !== null };
}

interface Look {
  readonly snapshot: string;
  /** Transactions that were running then. */
  readonly running: string[];
  /** Unix ms. */
  readonly at: number;
}

function firstCursor(
  config: InboundConfig,
  top: string | null,
  { snapshot, running, at }: Look,
): TableCursor {
  const next = { floor: top, running };
  return { of: cursorOwner(config), floor: top, top, snapshot, at, steps: [], next, scan: null };
}

/** @param look whose `isSettled` says whether all transactions that the next floor waits for had ended before it */
function cursorAfter(
  before: TableCursor,
  rows: readonly Row[],
  look: Look & { isSettled: boolean },
): TableCursor {
  // Rows are sorted, with those below the top first.
  const last = rows.at(-1);
  const top = last?.above === true ? last.value : before.top;
  const risen = top === null || top === before.top ? [] : [{ top, at: before.at }];
  const steps = [...before.steps, ...risen].slice(-maxSteps);
  const begun = before.scan ?? { ...look, firstTop: top };
  if (last !== undefined && rows.length === maxRows) {
    const after = { value: last.value, key: last.key };
    return { ...before, top, steps, scan: { ...begun, after } };
  }
  const { snapshot, running, at, firstTop, isSettled } = begun;
  if (!isSettled) return { ...before, top, steps, snapshot, at, scan: null };
  const next = { floor: firstTop, running };
  // Steps below the floor are no longer needed; their order is that of the table.
  const atFloor = steps.findIndex((step) => step.top === before.next.floor);
  const used = steps.slice(Math.max(0, atFloor));
  return { ...before, floor: before.next.floor, next, top, steps: used, snapshot, at, scan: null };
}

/**
 * Every other transaction of the server, including prepared ones and those that have not written yet. A standby knows
 * only the primary's transactions that have written.
 */
async function runningTransactions(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>(
    `SELECT virtualtransaction AS id FROM pg_locks
     WHERE locktype IN ('virtualxid', 'transactionid') AND mode = 'ExclusiveLock' AND pid IS DISTINCT FROM pg_backend_pid()
     UNION SELECT 'xid ' || txid_snapshot_xip(txid_current_snapshot())`,
  );
  return rows.map(({ id }) => id);
}

async function highest(client: Client, { name, cursorColumn }: TableFacts): Promise<string | null> {
  const { rows } = await client.query<{ value: string | null }>(
    `SELECT ${cursorColumn}::text AS value FROM ${name} WHERE ${cursorColumn} IS NOT NULL
     ORDER BY ${cursorColumn} DESC LIMIT 1`,
  );
  return rows[0]?.value ?? null;
}

async function newRows(
  client: Client,
  facts: TableFacts,
  { where }: InboundConfig,
  { floor, top, snapshot, scan, at, steps }: TableCursor,
): Promise<Row[]> {
  const { name, cursorColumn, cursorType, hasRows } = facts;
  const cursor = `t.${cursorColumn}`;
  const of = (text: string) => `${text}::text::${cursorType}`;
  const key = keyOf(facts);
  const above = `($1::text IS NULL OR ${cursor} > ${of('$1')})`;
  const late = hasRows
    ? `NOT txid_visible_in_snapshot(${transactionOf}, $3::txid_snapshot)`
    : '($3::text IS NULL)';
  const { rows } = await client.query<Omit<Row, 'since'> & { since: string }>(
    `SELECT ${dataOf(facts)} AS data, ${cursor}::text AS value, to_json(${cursor})::text AS shown, ${key} AS key,
       ${above} AS above,
       COALESCE((SELECT min(step.at) FROM unnest($6::text[], $7::bigint[]) AS step(top, at)
         WHERE ${of('step.top')} >= ${cursor}), $8::bigint) AS since
     FROM ${name} AS t
     WHERE ${cursor} IS NOT NULL AND ${where === undefined ? '' : `(${where}\n) AND `}
       ($2::text IS NULL OR ${cursor} >= ${of('$2')}) AND (${above} OR ${late})
       AND ($4::text IS NULL OR (${cursor}, ${key}) > (${of('$4')}, $5))
     ORDER BY ${cursor}, ${key} LIMIT ${maxRows}`,
    [
      ...[top, floor, snapshot, scan?.after.value ?? null, scan?.after.key ?? ''],
      ...[steps.map((step) => step.top), steps.map((step) => step.at), at],
    ],
  );
  return rows.map((row) => ({ ...row, since: Number(row.since) }));
}

/** The transaction that wrote a row, with the epoch that the row itself lacks. */
const transactionOf = `(
  SELECT CASE WHEN known > current THEN known - 4294967296 ELSE known END
  FROM (SELECT ((current >> 32) << 32) + t.xmin::text::bigint AS known, current
    FROM (SELECT txid_snapshot_xmax(txid_current_snapshot()) AS current) AS now) AS one)`;

/** Distinguishes rows with the same value, in a stable order. */
function keyOf({ keyColumns, hasRows }: TableFacts): string {
  if (keyColumns.length > 0)
    return `jsonb_build_array(${keyColumns.map((one) => `t.${one}`).join(', ')})::text COLLATE "C"`;
  return hasRows ? `t.ctid::text COLLATE "C"` : `md5(t::text) COLLATE "C"`;
}

function dataOf({ columns }: TableFacts): string {
  if (columns === null) return 'row_to_json(t)::text';
  const chosen = columns.map((one) => `t.${one}`).join(', ');
  return `(SELECT row_to_json(one) FROM (SELECT ${chosen}) AS one)::text`;
}
