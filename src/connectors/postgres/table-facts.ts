import type { Client } from 'pg';
import type { InboundConfig } from './config.ts';

/** Facts about a table from the catalog. */
export interface TableFacts {
  /** Quoted, with its schema. */
  readonly name: string;
  /** Quoted. */
  readonly cursorColumn: string;
  /** SQL name of the cursor column's type. */
  readonly cursorType: string;
  /** Quoted; empty for views and tables without a primary key. */
  readonly keyColumns: readonly string[];
  /** Whether rows name the transaction that wrote them, as those of a table do. */
  readonly hasRows: boolean;
  /** Whether a refresh writes all its rows again: that of a materialized view does. */
  readonly isRefreshed: boolean;
  /** The columns of the payload, quoted. */
  readonly columns: readonly string[];
}

/** The table or one of its columns does not exist. The message is a sentence. */
export class MissingTable extends Error {
  override readonly name = 'MissingTable';
}

/** Quotes any identifier, whatever characters it contains. */
export function quoted(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`;
}

/** Looks up the table of a connector. @throws MissingTable; or what the client throws */
export async function tableFacts(client: Client, config: InboundConfig): Promise<TableFacts> {
  const { table = '', cursor_column: cursor = '', columns } = config;
  const name = quotedTable(table);
  const found = await client.query<{ oid: string | null; kind: string | null }>(
    'SELECT c.oid::text AS oid, c.relkind::text AS kind FROM pg_class c WHERE c.oid = to_regclass($1)',
    [name],
  );
  const [relation] = found.rows;
  if (relation === undefined) throw new MissingTable(`There is no table ${table} that the user may see.`);
  const attributes = await client.query<{ name: string; type: string; place: number | null }>(
    `SELECT a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type,
       array_position(i.indkey::int2[], a.attnum) AS place
     FROM pg_attribute a LEFT JOIN pg_index i ON i.indrelid = a.attrelid AND i.indisprimary
     WHERE a.attrelid = $1::oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`,
    [relation.oid],
  );
  const types = new Map(attributes.rows.map((one) => [one.name, one.type]));
  for (const column of [cursor, ...(columns ?? [])]) {
    if (!types.has(column)) throw new MissingTable(`The table ${table} has no column ${column}.`);
  }
  const keys = attributes.rows.filter(({ place }) => place !== null);
  return {
    name,
    cursorColumn: quoted(cursor),
    cursorType: types.get(cursor) ?? 'text',
    keyColumns: keys
      .sort((one, other) => Number(one.place) - Number(other.place))
      .map((one) => quoted(one.name)),
    hasRows: relation.kind === 'r' || relation.kind === 'p' || relation.kind === 'm',
    isRefreshed: relation.kind === 'm',
    columns: (columns ?? attributes.rows.map((one) => one.name)).map(quoted),
  };
}

/** `schema.table`, or a table on the search path. Names that contain dots can be quoted. */
function quotedTable(table: string): string {
  const parts = table.match(/"(?:[^"]|"")+"|[^."]+/g) ?? [table];
  return parts
    .slice(0, 2)
    .map((part) => quoted(part.startsWith('"') ? part.slice(1, -1).replaceAll('""', '"') : part))
    .join('.');
}
