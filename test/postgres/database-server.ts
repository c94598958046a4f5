import { type ChildProcess, execFile, spawn } from 'node:child_process';
import {
  appendFile,
  chmod,
  chown,
  copyFile,
  mkdtemp,
  readdir,
  readFile,
  rm,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { endProcess } from '../end-process.ts';
import { freePorts } from '../free-ports.ts';

const run = promisify(execFile);

export const databasePassword = 'a-database-password-3e9c';

/** PostgreSQL as a real process, with a data folder of its own. Its superuser is `owner`. */
export interface DatabaseServer {
  readonly port: number;
  readonly caCertificate: string;
  /** A session as its owner. */
  connect(): Promise<Client>;
  query(sql: string, parameters?: readonly unknown[]): Promise<Record<string, unknown>[]>;
  /** Ends the process at once, as a crash does; the data stay. */
  stop(): Promise<void>;
  start(): Promise<void>;
  remove(): Promise<void>;
}

/** How long a server may take on a machine that has much else to do, in ms. */
const startWithinMs = 180_000;

/** Makes and starts a server on a free port; resolves once it answers. */
export async function startDatabase(): Promise<DatabaseServer> {
  const bin = await binaries();
  const owner = process.getuid?.() === 0 ? await nobody() : null;
  const user = owner ?? {};
  const folder = await mkdtemp(join(tmpdir(), 'database-'));
  const data = join(folder, 'data');
  const [port = 0] = await freePorts(1);
  await writeFile(join(folder, 'password'), databasePassword);
  const certificates = join(import.meta.dirname, '../connectors');
  for (const name of ['localhost-cert.pem', 'localhost-key.pem']) {
    await copyFile(join(certificates, name), join(folder, name));
    await chmod(join(folder, name), 0o600);
  }
  if (owner !== null) {
    for (const name of ['', 'password', 'localhost-cert.pem', 'localhost-key.pem']) {
      await chown(join(folder, name), owner.uid, owner.gid);
    }
  }
  const initial = ['-D', data, '-U', 'owner', '-A', 'scram-sha-256', '--pwfile', join(folder, 'password')];
  await run(join(bin, 'initdb'), [...initial, '-E', 'UTF8', '--no-sync', '--locale=C.UTF-8'], {
    ...user,
    cwd: folder,
  });
  await appendFile(join(data, 'postgresql.conf'), settings(folder, port));
  let child: ChildProcess | null = null;

  async function connect(): Promise<Client> {
    const client = new Client({
      host: '127.0.0.1',
      port,
      user: 'owner',
      password: databasePassword,
      database: 'postgres',
    });
    client.on('error', () => undefined);
    await client.connect();
    return client;
  }

  async function query(sql: string, parameters: readonly unknown[] = []) {
    const client = await connect();
    try {
      return (await client.query<Record<string, unknown>>(sql, [...parameters])).rows;
    } finally {
      await client.end();
    }
  }

  async function start(): Promise<void> {
    child = spawn(join(bin, 'postgres'), ['-D', data], { ...user, cwd: folder, stdio: 'ignore' });
    const deadline = Date.now() + startWithinMs;
    while (
      !(await query('SELECT 1').then(
        () => true,
        () => false,
      ))
    ) {
      if (child.exitCode !== null) throw new Error(`PostgreSQL ended at its start with ${child.exitCode}.`);
      if (Date.now() > deadline) throw new Error('PostgreSQL did not answer in time.');
      await sleep(50);
    }
  }

  /** Immediate shutdown, which needs recovery at the next start. */
  const stop = () => endProcess(child, 'SIGQUIT');

  async function remove(): Promise<void> {
    await stop();
    await rm(folder, { recursive: true, force: true });
  }

  await start().catch(async (failed: unknown) => {
    await remove();
    throw failed;
  });
  const caCertificate = await readFile(join(certificates, 'localhost-cert.pem'), 'utf8');
  return { port, caCertificate, connect, query, stop, start, remove };
}

function settings(folder: string, port: number): string {
  return [
    '',
    `port = ${port}`,
    "listen_addresses = '127.0.0.1'",
    `unix_socket_directories = '${folder}'`,
    'fsync = off',
    'max_prepared_transactions = 4',
    'ssl = on',
    `ssl_cert_file = '${join(folder, 'localhost-cert.pem')}'`,
    `ssl_key_file = '${join(folder, 'localhost-key.pem')}'`,
    '',
  ].join('\n');
}

/** Where Debian has the programs; elsewhere, they are in the path. */
async function binaries(): Promise<string> {
  const debian = '/usr/lib/postgresql';
  const versions = await readdir(debian).catch(() => []);
  const newest = versions.sort((one, other) => Number(other) - Number(one))[0];
  if (newest !== undefined) return join(debian, newest, 'bin');
  return (await run('pg_config', ['--bindir'])).stdout.trim();
}

/** PostgreSQL refuses to run as root. */
async function nobody(): Promise<{ uid: number; gid: number }> {
  const { stdout } = await run('id', ['-u', 'nobody']);
  const group = await run('id', ['-g', 'nobody']);
  return { uid: Number(stdout), gid: Number(group.stdout) };
}
