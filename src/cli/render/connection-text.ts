import type { ConnectionTest, WireConnection, WireConnectionType } from '../../api/contract/index.ts';
import type { Colours } from '../output.ts';
import { printable } from '../printable.ts';
import { facts, table } from '../table.ts';
import { localTime, timeText } from '../time-text.ts';
import { configFields } from './config-fields.ts';

/** Connections as a table; a hint if there are none. */
export function connectionTable(connections: readonly WireConnection[], paint: Colours): string {
  if (connections.length === 0) {
    return 'No connections yet. Create one: npx connectors connections create <name> --type <type>';
  }
  return table(
    ['NAME', 'TYPE', 'USED BY', 'CHANGED', 'ID'],
    connections.map((connection) => [
      printable(connection.name),
      connection.type,
      usersText(connection, paint),
      localTime(connection.updated_at),
      connection.id,
    ]),
    paint,
  );
}

/** All details of one connection except its secrets. */
export function connectionFacts(connection: WireConnection, paint: Colours): string {
  const users = connection.used_by.map(({ name, mode, up_to_date: isCurrent }) => {
    const state = isCurrent ? '' : ` ${paint.yellow('(has the values before the last change)')}`;
    return `${printable(name)} (${mode})${state}`;
  });
  return facts(
    [
      ['name', paint.bold(printable(connection.name))],
      ['id', connection.id],
      ['type', connection.type],
      ['used by', users.join('\n') || 'no connector'],
      ['config', printable(JSON.stringify(connection.config, null, 2))],
      ['secret fields', connection.secret_fields.join(', ') || null],
      ['created', timeText(connection.created_at)],
      ['changed', timeText(connection.updated_at)],
    ],
    paint,
  );
}

/** Types of connections with their fields. */
export function connectionTypesText(types: readonly WireConnectionType[], paint: Colours): string {
  return types
    .map(({ name, summary, config_schema: schema }) => {
      return `${paint.bold(name)}  ${summary}\n${facts(configFields(schema), paint)}`;
    })
    .join('\n\n');
}

/** What a test of a connection found. */
export function connectionTestText({ ok, detail, error }: ConnectionTest, paint: Colours): string {
  return ok
    ? `${paint.green('ok')}: ${printable(detail ?? '')}`
    : `${paint.red('failed')}: ${printable(error ?? '')}`;
}

function usersText({ used_by: users, pending }: WireConnection, paint: Colours): string {
  const count = users.length === 1 ? '1 connector' : `${users.length} connectors`;
  return pending ? `${count}, ${paint.yellow('changing')}` : count;
}
