import * as z from 'zod';
import type { ConnectionKind } from '../../core/connectors/connector-type.ts';
import { connectionFields, hostProblems } from './connection-config.ts';

/** One database, as one user. */
export const database: ConnectionKind = {
  name: 'postgres',
  title: 'PostgreSQL database',
  summary: 'A database and a user of it, for connectors of any of its tables and channels.',
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
