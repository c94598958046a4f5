import { hideSecrets } from '../../core/redaction/hide-secrets.ts';
import { connectionSentences } from '../../net/network-error.ts';
import { blockedCodes } from '../../net/target-guard.ts';
import { TokenError } from './access-token.ts';

const systemSentences = connectionSentences('mail server');

/** Explains the clients' error codes to operators. */
const sentences: Readonly<Record<string, string>> = {
  ...systemSentences,
  CONNECT_TIMEOUT: 'The connection to the mail server timed out.',
  GREETING_TIMEOUT: 'The mail server did not greet in time. Check the port and the encryption.',
  UPGRADE_TIMEOUT: 'The mail server did not start TLS in time.',
  ETIMEOUT: 'The mail server did not respond in time.',
  ClosedAfterConnectTLS: 'The mail server closed the connection.',
  ClosedAfterConnectText: 'The mail server closed the connection.',
  NoConnection: 'The mail server closed the connection.',
  EConnectionClosed: 'The mail server closed the connection.',
  ECONNECTION: 'The mail server closed the connection.',
};

/**
 * A sentence for anything that the mail clients throw, quoting the server if it gave a reason.
 *
 * @param secrets values that a server may repeat and the sentence must not contain
 */
export function mailError(thrown: unknown, secrets: readonly string[]): string {
  return hideSecrets(sentenceOf(thrown), secrets);
}

function sentenceOf(thrown: unknown): string {
  const code = textOf(thrown, 'code');
  const message = (textOf(thrown, 'message') || String(thrown)).replace(/[.\s]+$/, '');
  if (blockedCodes.has(code) || thrown instanceof TokenError) return textOf(thrown, 'message');
  const words = textOf(thrown, 'responseText') || textOf(thrown, 'response');
  const said = words.replace(/[.\s]+$/, '');
  if (fieldOf(thrown, 'authenticationFailed') === true || code === 'EAUTH') {
    return `The mail server rejected the login${said === '' ? '' : `: ${said}`}.`;
  }
  if (said !== '') return `The mail server said: ${said}.`;
  const known = sentences[code];
  if (known !== undefined) return known;
  if (/certificate|tls|ssl|handshake/i.test(`${message} ${code}`)) {
    return `The TLS connection to the mail server failed (${message}).`;
  }
  return `The mail server failed: ${message}.`;
}

/** Reads a field that may be missing: the clients can throw anything. */
export function fieldOf(thrown: unknown, field: string): unknown {
  return typeof thrown === 'object' && thrown !== null ? Reflect.get(thrown, field) : undefined;
}

function textOf(thrown: unknown, field: string): string {
  const value = fieldOf(thrown, field);
  return typeof value === 'string' ? value : '';
}
