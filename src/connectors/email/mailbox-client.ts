import { connect as connectTls } from 'node:tls';
import { ImapFlow, type ImapTransport } from 'imapflow';
import type { PrivateTargets } from '../../core/connectors/private-targets.ts';
import { guardedConnect } from '../../net/guarded-connect.ts';
import type { InboundConfig } from './config.ts';
import { loginOf } from './login.ts';

/** How long a server may take to connect, and again to greet, in ms: the whole poll has 20 s. */
const connectMs = 8_000;
/** The longest command of a poll, in ms. In IDLE, a connection may stay silent this much longer than `idleMs`. */
const silenceMs = 60_000;
/** How long one IDLE lasts: RFC 2177 asks for less than 29 minutes, and firewalls drop connections earlier. */
const idleMs = 4 * 60_000;

export interface MailboxAccess {
  readonly config: InboundConfig;
  /** Values of the configuration's secret fields. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly allowPrivateTargets: PrivateTargets;
  readonly signal: AbortSignal;
}

/**
 * Works with a mailbox over a dedicated connection. Closes it afterwards, or immediately when the signal aborts.
 *
 * @param readOnly whether nothing in the mailbox may change
 * @throws what the client throws; see `mailError`
 */
export async function withMailbox<Result>(
  access: MailboxAccess,
  readOnly: boolean,
  work: (client: ImapFlow) => Promise<Result>,
): Promise<Result> {
  const client = await openClient(access);
  const close = () => client.close();
  access.signal.addEventListener('abort', close, { once: true });
  try {
    access.signal.throwIfAborted();
    await client.connect();
    await client.mailboxOpen(access.config.mailbox, { readOnly });
    return await work(client);
  } finally {
    access.signal.removeEventListener('abort', close);
    client.close();
  }
}

async function openClient({ config, secrets, allowPrivateTargets }: MailboxAccess) {
  const login = await loginOf(config, secrets, allowPrivateTargets);
  const user = login?.user ?? '';
  const client = new ImapFlow({
    host: config.host,
    port: config.port,
    secure: config.security === 'tls',
    doSTARTTLS: config.security === 'starttls',
    tls: config.ca_certificate === undefined ? {} : { ca: config.ca_certificate },
    auth:
      login?.kind === 'token' ? { user, accessToken: login.token } : { user, pass: login?.password ?? '' },
    transport: guardedTransport(allowPrivateTargets),
    connectionTimeout: connectMs,
    greetingTimeout: connectMs,
    socketTimeout: idleMs + silenceMs,
    maxIdleTime: idleMs,
    disableAutoIdle: true,
    disableCompression: true,
    logger: false,
    clientInfo: { name: 'agent-connectors' },
  });
  // A broken connection already fails the command that waits for it.
  client.on('error', () => undefined);
  return client;
}

/** Connects the client only to addresses that passed the check. */
function guardedTransport(privateTargets: PrivateTargets): ImapTransport {
  return {
    connect({ host, port, secure, tls, servername }, onConnect) {
      const options = { ...tls, ...(servername === undefined ? {} : { servername }) };
      const socket = guardedConnect({ host, port, tls: secure ? options : null }, privateTargets);
      return socket.once(secure ? 'secureConnect' : 'connect', onConnect);
    },
    upgrade(socket, { tls, servername }, onSecure) {
      const options = { ...tls, ...(servername === undefined ? {} : { servername }) };
      return connectTls({ ...options, socket }, onSecure);
    },
  };
}
