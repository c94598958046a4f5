/**
 * What the system's codes mean to an operator.
 *
 * @param peer who was to be connected to, such as `receiver` or `broker`
 */
export function connectionSentences(peer: string): Readonly<Record<string, string>> {
  return {
    ECONNREFUSED: `The ${peer} refused the connection.`,
    ENOTFOUND: `The ${peer}'s host name is not known.`,
    EAI_AGAIN: `The ${peer}'s host name could not be looked up.`,
    EHOSTUNREACH: `The ${peer} cannot be reached.`,
    ENETUNREACH: `The ${peer} cannot be reached.`,
    ETIMEDOUT: `The ${peer} could not be connected to in time.`,
    ECONNRESET: `The ${peer} broke the connection.`,
    EPIPE: `The ${peer} broke the connection.`,
  };
}

const sentences: Readonly<Record<string, string>> = {
  ...connectionSentences('receiver'),
  ECONNRESET: 'The receiver broke the connection before it answered.',
  EPIPE: 'The receiver broke the connection before it answered.',
  UNASKED_UPGRADE: 'The receiver answered 101: it wants to go on in another protocol than HTTP.',
};

/**
 * A sentence for a request that got no answer, from the error's code alone: messages of errors may hold addresses
 * and parts of the URL.
 */
export function networkError(thrown: unknown): string {
  const code = codeOf(thrown);
  if (code === null) return 'The request failed before the receiver answered.';
  if (/CERT|TLS|SSL|SELF_SIGNED|ALTNAME|EPROTO/.test(code)) {
    return `A secure connection to the receiver could not be made (${code}).`;
  }
  if (code.startsWith('HPE_')) return 'The receiver answered with something that is not HTTP.';
  return sentences[code] ?? `The request failed before the receiver answered (${code}).`;
}

function codeOf(thrown: unknown): string | null {
  if (typeof thrown !== 'object' || thrown === null) return null;
  if ('code' in thrown && typeof thrown.code === 'string') return thrown.code;
  return 'cause' in thrown ? codeOf(thrown.cause) : null;
}
