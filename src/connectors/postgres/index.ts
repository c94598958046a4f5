import * as z from 'zod';
import type { ConnectionKind, ConnectorType, ModeDescription } from '../../core/connectors/connector-type.ts';
import type { ListenContext, Listening } from '../../core/connectors/listening.ts';
import type { PollWay } from '../../core/connectors/ways.ts';
import { connectionFields, hostProblems, inboundConfig, inboundConfigOf } from './config.ts';
import { type DatabaseEvent, deadLetterCodec } from './database-event.ts';
import { receive } from './receive.ts';

// The first connector that needs the client loads it, so processes that read no database start without it.
const poll: PollWay<DatabaseEvent> = {
  serves: (config) => inboundConfigOf(config).table !== undefined,
  everySeconds: (config) => inboundConfigOf(config).poll_seconds,
  poll: async (context) => (await import('./poll.ts')).poll(context),
};

function listen(context: ListenContext<DatabaseEvent>): Listening {
  const listening = import('./listen.ts').then((module) => module.listen(context));
  return { stop: async () => (await listening).stop() };
}

const instructions = `
Create a role that can only read:

\`\`\`sql
CREATE ROLE agents LOGIN PASSWORD '…';
GRANT SELECT ON orders TO agents;
\`\`\`

**A table**: use a column that increases with each new row, and index it.

**A channel**: send events from SQL, or from a trigger. A payload can have up to 8,000 bytes.

\`\`\`sql
SELECT pg_notify('orders', json_build_object('id', 42)::text);
\`\`\`
`;

export const inboundMode: ModeDescription<DatabaseEvent> = {
  summary: 'Runs agents for every new row of a table, or for every notification on a channel.',
  config: inboundConfig,
  problems: hostProblems,
  verify: async ({ where }) => {
    if (typeof where !== 'string') return [];
    const message = await (await import('./where-clause.ts')).whereProblem(where);
    return message === null ? [] : [{ field: 'where', message }];
  },
  ways: {
    listen: { serves: (config) => inboundConfigOf(config).channel !== undefined, listen },
    poll,
  },
  withoutWay:
    'cannot listen to a channel here: the functions of a deployment hold no connection. Read a table instead, with "table" and "cursor_column".',
  probe: async (config, context) => (await import('./probe.ts')).probe(config, context),
  endpoint: ({ config }) => {
    const { table, channel, database, host } = inboundConfigOf(config);
    return table === undefined
      ? { title: 'Channel', text: `${channel} of ${database} on ${host}` }
      : { title: 'Table', text: `${table} of ${database} on ${host}` };
  },
  instructions,
  samples: [
    {
      title: 'New orders',
      config: {
        host: 'db.example.com',
        database: 'shop',
        user: 'agents',
        password: 'a password',
        table: 'orders',
        cursor_column: 'id',
      },
    },
    {
      title: 'Paid orders of another schema, over verified TLS',
      config: {
        host: 'db.example.com',
        database: 'shop',
        user: 'agents',
        password: 'a password',
        ssl_mode: 'verify-full',
        table: 'sales.orders',
        cursor_column: 'created_at',
        columns: ['id', 'total'],
        where: "status = 'paid'",
      },
    },
    {
      title: 'Notifications on a channel',
      config: { host: 'db.example.com', database: 'shop', user: 'agents', channel: 'orders' },
    },
  ],
};

/** One database, as one user. */
const database: ConnectionKind = {
  name: 'postgres',
  title: 'PostgreSQL database',
  summary:
    'The address of a database and credentials for it, shared by connectors of all its tables and channels.',
  config: z.strictObject(connectionFields),
  problems: hostProblems,
  probe: async (given, context) => (await import('./probe.ts')).probeDatabase(given, context),
  samples: [
    {
      title: 'A database, with a password over TLS',
      config: {
        host: 'db.example.com',
        database: 'shop',
        user: 'agents',
        password: 'a long password',
        ssl_mode: 'verify-full',
      },
    },
  ],
};

/** Receives new rows of a table, or notifications on a channel. */
export const postgres: ConnectorType<DatabaseEvent> = {
  name: 'postgres',
  title: 'PostgreSQL',
  category: 'databases',
  summary: 'Run agents for new rows of a table, or for notifications on a channel.',
  icon: '<g fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round"><ellipse cx="12" cy="6" rx="7.5" ry="3"/><path d="M4.5 6v12c0 1.7 3.4 3 7.5 3s7.5-1.3 7.5-3V6"/><path d="M4.5 12c0 1.7 3.4 3 7.5 3s7.5-1.3 7.5-3"/></g>',
  connection: database,
  modes: { inbound: inboundMode },
  receive,
  deadLetterCodec,
};
