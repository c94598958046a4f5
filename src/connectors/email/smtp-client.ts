import { createTransport } from 'nodemailer';
import type { PrivateTargets } from '../../core/connectors/private-targets.ts';
import { guardedConnect } from '../../net/guarded-connect.ts';
import type { OutboundConfig } from './config.ts';
import { loginOf } from './login.ts';

/** How long a server may take to connect, and how long it may stay silent, in ms; less than a delivery's lease. */
const connectMs = 10_000;
const silenceMs = 30_000;

/**
 * A client for one message.
 *
 * @param secrets values of the configuration's secret fields
 * @throws as `accessToken`
 */
export async function smtpClient(
  config: OutboundConfig,
  secrets: Readonly<Record<string, string>>,
  allowed: PrivateTargets,
) {
  const login = await loginOf(config, secrets, allowed);
  const { host, port, security, ca_certificate: ca } = config;
  const tls = ca === undefined ? {} : { ca };
  const transport = createTransport({
    host,
    port,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    tls,
    ...authOf(login),
    connectionTimeout: connectMs,
    greetingTimeout: connectMs,
    socketTimeout: silenceMs,
    // Content of a result must never trigger file reads or fetches.
    disableFileAccess: true,
    disableUrlAccess: true,
    getSocket(_options: unknown, callback: (error: Error | null, socket?: object) => void) {
      const socket = guardedConnect({ host, port, tls: security === 'tls' ? tls : null }, allowed);
      const late = () => socket.destroy(Object.assign(new Error('late'), { code: 'CONNECT_TIMEOUT' }));
      const timer = setTimeout(late, connectMs);
      const settle = (error: Error | null) => {
        clearTimeout(timer);
        socket.removeListener('error', settle);
        if (error === null) callback(null, { connection: socket, secured: security === 'tls' });
        else callback(error);
      };
      socket.once('error', settle);
      socket.once(security === 'tls' ? 'secureConnect' : 'connect', () => settle(null));
    },
  });
  return transport;
}

function authOf(login: Awaited<ReturnType<typeof loginOf>>) {
  if (login === null) return {};
  const { user } = login;
  if (login.kind === 'password') return { auth: { user, pass: login.password } };
  return { auth: { type: 'OAuth2' as const, user, accessToken: login.token } };
}
