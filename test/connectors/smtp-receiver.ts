import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';

/** A message as the server took it. */
export interface TakenMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly source: string;
  readonly user: string;
  readonly wasEncrypted: boolean;
}

export interface SmtpReceiver {
  readonly port: number;
  readonly taken: TakenMail[];
  /** Answers of the server instead of taking it, first things first: to a login, a recipient, or the whole message. */
  readonly refusals: { at: 'AUTH' | 'RCPT' | 'DATA'; code: number; text: string; only?: string }[];
  close(): Promise<void>;
}

/** A certificate for localhost, with the key that it belongs to; it vouches for itself. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/**
 * A real SMTP server that keeps what it takes.
 *
 * @param isTls whether connections are encrypted from the start; else it offers STARTTLS, and wants it before a login
 */
export async function startSmtpReceiver(certificate: Certificate, isTls = false): Promise<SmtpReceiver> {
  const taken: TakenMail[] = [];
  const refusals: SmtpReceiver['refusals'] = [];
  const refusal = (at: 'AUTH' | 'RCPT' | 'DATA', who?: string) => {
    const index = refusals.findIndex((one) => one.at === at && (one.only === undefined || one.only === who));
    const [found] = index === -1 ? [] : refusals.splice(index, 1);
    return found === undefined ? null : Object.assign(new Error(found.text), { responseCode: found.code });
  };
  const server = new SMTPServer({
    ...certificate,
    secure: isTls,
    authOptional: true,
    authMethods: ['PLAIN', 'LOGIN', 'XOAUTH2'],
    logger: false,
    onAuth(auth, _session, callback) {
      const refused = refusal('AUTH');
      if (refused !== null) callback(refused);
      else callback(null, { user: `${auth.method} ${auth.username} ${auth.password ?? auth.accessToken}` });
    },
    onRcptTo({ address }, _session, callback) {
      callback(refusal('RCPT', address));
    },
    onData(stream, session, callback) {
      text(stream).then((source) => {
        const refused = refusal('DATA');
        if (refused !== null) return callback(refused);
        const { mailFrom, rcptTo } = session.envelope;
        taken.push({
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          source,
          user: String(session.user ?? ''),
          wasEncrypted: session.secure,
        });
        return callback(null, 'queued');
      }, callback);
    },
  });
  server.on('error', () => undefined);
  const listening = server.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  const address = listening.address();
  return {
    port: typeof address === 'object' ? (address?.port ?? 0) : 0,
    taken,
    refusals,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

/** The certificate of the tests. */
export const localhostCertificate: Certificate = {
  key: readFileSync(new URL('./localhost-key.pem', import.meta.url), 'utf8'),
  cert: readFileSync(new URL('./localhost-cert.pem', import.meta.url), 'utf8'),
};
