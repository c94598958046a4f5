import type { ConnectionOptions } from 'node:tls';
import { Client } from 'pg';
import type { PrivateTargets } from '../../core/connectors/private-targets.ts';
import { guardedSocket } from '../../net/guarded-connect.ts';
import type { ConnectionConfig } from './config.ts';

/** How long a server may take to open a session, and for one statement, in ms: the whole poll has 20 s. */
const connectMs = 8_000;
const statementMs = 15_000;

export interface DatabaseAccess {
  readonly config: ConnectionConfig;
  readonly password: string | undefined;
  readonly allowPrivateTargets: PrivateTargets;
  readonly signal: AbortSignal;
}

/**
 * Works in a dedicated read-only session. Closes it afterwards, or immediately when the signal aborts.
 *
 * @throws what the client throws; see `databaseError`
 */
export async function withSession<Result>(
  access: DatabaseAccess,
  work: (client: Client) => Promise<Result>,
): Promise<Result> {
  const client = await openSession(access);
  const close = () => closeNow(client);
  access.signal.addEventListener('abort', close, { once: true });
  try {
    access.signal.throwIfAborted();
    return await work(client);
  } finally {
    access.signal.removeEventListener('abort', close);
    closeNow(client);
  }
}

/** Closes without waiting for a server that may be unreachable. */
function closeNow(client: Client): void {
  client.end().catch(() => undefined);
}

async function openSession(access: DatabaseAccess): Promise<Client> {
  const { ssl_mode: mode } = access.config;
  if (mode !== 'prefer') return connect(access, mode !== 'disable');
  return connect(access, true).catch((thrown: unknown) => {
    if (!/does not support SSL/.test(String(thrown))) throw thrown;
    return connect(access, false);
  });
}

async function connect(access: DatabaseAccess, encrypted: boolean): Promise<Client> {
  const { config, password, allowPrivateTargets, signal } = access;
  const { host, port, database, user } = config;
  const client = new Client({
    host,
    port,
    database,
    user,
    // Never uses a password from the process's environment.
    password: password ?? '',
    ssl: encrypted ? tlsOf(config) : false,
    stream: () => guardedSocket(allowPrivateTargets),
    connectionTimeoutMillis: connectMs,
    statement_timeout: statementMs,
    query_timeout: statementMs,
    application_name: 'agent-connectors',
    keepAlive: true,
  });
  // A broken connection already fails the query that waits for it.
  client.on('error', () => undefined);
  const stop = () => closeNow(client);
  signal.addEventListener('abort', stop, { once: true });
  try {
    signal.throwIfAborted();
    await client.connect();
    await client.query(sessionSettings);
    return client;
  } catch (thrown) {
    closeNow(client);
    throw thrown;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** Values are read and written as text, so their format must be the same everywhere. */
const sessionSettings = `
  SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY;
  SET standard_conforming_strings = on; SET DateStyle = 'ISO, MDY'; SET IntervalStyle = 'postgres';
  SET extra_float_digits = 3; SET TimeZone = 'UTC'; SET bytea_output = 'hex'`;

function tlsOf({ ssl_mode: mode, ca_certificate: ca }: ConnectionConfig): ConnectionOptions {
  if (mode === 'verify-full') return ca === undefined ? {} : { ca };
  if (ca === undefined) return { rejectUnauthorized: false };
  // As libpq does with a named authority: checks the certificate but not the host name.
  return { ca, checkServerIdentity: () => undefined };
}
