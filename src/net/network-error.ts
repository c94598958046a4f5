/**
 * Sentences for operators, by system error code.
 *
 * @param peer the other side of the connection, such as `receiver` or `broker`
 */
export function connectionSentences(peer: string): Readonly<Record<string, string>> {
  return {
    ECONNREFUSED: `The ${peer} refused the connection.`,
    ENOTFOUND: `The ${peer}'s host name cannot be resolved.`,
    EAI_AGAIN: `The lookup of the ${peer}'s host name failed.`,
    EHOSTUNREACH: `The ${peer} cannot be reached.`,
    ENETUNREACH: `The ${peer} cannot be reached.`,
    ETIMEDOUT: `The connection to the ${peer} timed out.`,
    ECONNRESET: `The ${peer} closed the connection.`,
    EPIPE: `The ${peer} closed the connection.`,
  };
}

function requestSentences(peer: string): Readonly<Record<string, string>> {
  return {
    ...connectionSentences(peer),
    ECONNRESET: `The ${peer} closed the connection before it responded.`,
    EPIPE: `The ${peer} closed the connection before it responded.`,
    UNASKED_UPGRADE: `The ${peer} responded with 101, a switch to another protocol than HTTP.`,
  };
}

/**
 * A sentence for a request without a response, from the error code alone: error messages may contain addresses and
 * parts of the URL.
 *
 * @param peer as in `connectionSentences`
 */
export function networkError(thrown: unknown, peer = 'receiver'): string {
  const code = codeOf(thrown);
  if (code === null) return `The request failed before the ${peer} responded.`;
  if (/CERT|TLS|SSL|SELF_SIGNED|ALTNAME|EPROTO/.test(code)) {
    return `The TLS connection to the ${peer} failed (${code}).`;
  }
  if (code.startsWith('HPE_')) return `The ${peer} responded with something that is not HTTP.`;
  return requestSentences(peer)[code] ?? `The request failed before the ${peer} responded (${code}).`;
}

function codeOf(thrown: unknown): string | null {
  if (typeof thrown !== 'object' || thrown === null) return null;
  if ('code' in thrown && typeof thrown.code === 'string') return thrown.code;
  return 'cause' in thrown ? codeOf(thrown.cause) : null;
}
