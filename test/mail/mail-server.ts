import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { ImapFlow } from 'imapflow';
import { endProcess } from '../end-process.ts';
import { freePorts } from '../free-ports.ts';
import { makeCertificate, storePassword } from '../kafka/certificate.ts';
import { mavenJars } from '../maven-jars.ts';
import { openRelay, type Relay } from './relay.ts';

export const mailPassword = 'a-mail-password-4b7d';

/** Accounts of the server: the name is the address. */
export const accounts = ['support@example.test', 'ada@example.test', 'other@example.test'] as const;
export type Account = (typeof accounts)[number];

/** GreenMail as a real process: IMAP and SMTP, with TLS and without, and all mail in memory. */
export interface MailServer {
  readonly host: 'localhost';
  /** They stay the same over restarts. Those with TLS are for the product: they answer once the accounts are there. */
  readonly ports: Readonly<Record<'smtp' | 'smtps' | 'imap' | 'imaps', number>>;
  /** Breaks off every connection with TLS. */
  cutConnections(): void;
  readonly caCertificate: string;
  /** Works with an account's mail as a person's own program would. */
  withAccount<Result>(account: Account, work: (client: ImapFlow) => Promise<Result>): Promise<Result>;
  /** Ends the process; its mail is gone. */
  stop(): Promise<void>;
  start(): Promise<void>;
  remove(): Promise<void>;
}

/** How long a JVM may take on a machine that has much else to do, in ms. */
const startWithinMs = 120_000;

/** Starts a server on free ports; resolves once it answers. */
export async function startMailServer(): Promise<MailServer> {
  const jars = await mavenJars(join(import.meta.dirname, 'pom.xml'), 'agent-connectors-greenmail-2.1.8');
  const folder = await mkdtemp(join(tmpdir(), 'mail-server-'));
  const { keyStore, caCertificate } = await makeCertificate(folder);
  const [smtp = 0, smtps = 0, imap = 0, imaps = 0, innerSmtps = 0, innerImaps = 0] = await freePorts(6);
  const ports = { smtp, smtps, imap, imaps };
  const options = javaOptions(jars, keyStore, { ...ports, smtps: innerSmtps, imaps: innerImaps });
  let child: ChildProcess | null = null;
  let relays: Relay[] = [];

  async function withAccount<Result>(account: Account, work: (client: ImapFlow) => Promise<Result>) {
    const auth = { user: account, pass: mailPassword };
    const client = new ImapFlow({ host: 'localhost', port: imap, secure: false, auth, logger: false });
    client.on('error', () => undefined);
    await client.connect();
    try {
      return await work(client);
    } finally {
      client.close();
    }
  }

  async function start(): Promise<void> {
    const started = spawn('java', options, { stdio: ['ignore', 'pipe', 'ignore'] });
    child = started;
    // GreenMail makes its accounts after its ports are open, and a login before would spoil them.
    await Promise.race([
      linesWith(started.stdout, /Creating user .*@example\.test/, accounts.length),
      once(started, 'exit').then(() => failing('The mail server ended at its start.')),
      sleep(startWithinMs, null, { ref: false }).then(() =>
        failing('The mail server did not answer in time.'),
      ),
    ]);
    relays = await Promise.all([openRelay(smtps, innerSmtps), openRelay(imaps, innerImaps)]);
  }

  async function stop(): Promise<void> {
    for (const relay of relays.splice(0)) relay.close();
    await endProcess(child);
  }

  async function remove(): Promise<void> {
    await stop();
    await rm(folder, { recursive: true, force: true });
  }

  await start().catch(async (failed: unknown) => {
    await remove();
    throw failed;
  });
  const cutConnections = () => {
    for (const relay of relays) relay.cut();
  };
  return { host: 'localhost', ports, caCertificate, withAccount, cutConnections, stop, start, remove };
}

function failing(reason: string): never {
  throw new Error(reason);
}

/** Resolves once so many lines of an output match; what follows is let go. */
async function linesWith(output: Readable, pattern: RegExp, count: number): Promise<void> {
  let found = 0;
  const all = Promise.withResolvers<void>();
  createInterface({ input: output }).on('line', (line) => {
    if (pattern.test(line) && ++found === count) all.resolve();
  });
  await all.promise;
}

function javaOptions(jars: string, keyStore: string, ports: MailServer['ports']): string[] {
  const users = accounts.map((account) => account.replace('@', `:${mailPassword}@`));
  return [
    ...['-Xmx512m', '-XX:+UseSerialGC'],
    ...Object.entries(ports).flatMap(([protocol, port]) => [
      `-Dgreenmail.${protocol}.hostname=127.0.0.1`,
      `-Dgreenmail.${protocol}.port=${port}`,
    ]),
    `-Dgreenmail.users=${users.join(',')}`,
    '-Dgreenmail.users.login=email',
    '-Dgreenmail.verbose',
    `-Dgreenmail.tls.keystore.file=${keyStore}`,
    `-Dgreenmail.tls.keystore.password=${storePassword}`,
    ...['-cp', `${jars}/*`, 'com.icegreen.greenmail.standalone.GreenMailStandaloneRunner'],
  ];
}
