import { hideSecrets } from '../../core/redaction/hide-secrets.ts';
import { connectionSentences } from '../../net/network-error.ts';
import { blockedCodes } from '../../net/target-guard.ts';

const systemSentences = connectionSentences('database server');

/**
 * A sentence for anything that the client throws, quoting the server if it gave a reason.
 *
 * @param secrets values that a server may repeat and the sentence must not contain
 */
export function databaseError(thrown: unknown, secrets: readonly string[]): string {
  return hideSecrets(sentenceOf(thrown), secrets);
}

function sentenceOf(thrown: unknown): string {
  const code = textOf(thrown, 'code');
  const message = (textOf(thrown, 'message') || String(thrown)).replace(/[.\s]+$/, '');
  if (blockedCodes.has(code)) return textOf(thrown, 'message');
  const known = systemSentences[code];
  if (known !== undefined) return known;
  // An SQLSTATE means that the server answered.
  if (/^[\dA-Z]{5}$/.test(code)) return `PostgreSQL said: ${message} (${code}).`;
  if (/terminated|Connection ended/i.test(message)) return 'The database server closed the connection.';
  if (/does not support SSL/.test(message)) {
    return 'The database server does not support TLS. Use ssl_mode "prefer" or "disable" if this is intended.';
  }
  if (/certificate|tls|ssl|altname/i.test(`${message} ${code}`)) {
    return `The TLS connection to the database server failed (${message}).`;
  }
  if (/timeout/i.test(message)) return 'The database server did not respond in time.';
  return `The database server failed: ${message}.`;
}

function textOf(thrown: unknown, field: string): string {
  const value: unknown =
    typeof thrown === 'object' && thrown !== null ? Reflect.get(thrown, field) : undefined;
  return typeof value === 'string' ? value : '';
}
