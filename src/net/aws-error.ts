import { hideSecrets } from '../core/redaction/hide-secrets.ts';
import { connectionSentences } from './network-error.ts';
import { blockedCodes } from './target-guard.ts';

const networkSentences = connectionSentences('server');

/** Names of SDK errors whose messages are less helpful than these sentences. */
const sentencesByName: Readonly<Record<string, string>> = {
  CredentialsProviderError:
    'The process has no AWS credentials: set the access key of the connector, or give the process credentials.',
  TimeoutError: 'The server did not respond in time.',
};

/**
 * A sentence for anything that an AWS SDK client throws, with the service's own error code and message.
 *
 * @param secrets that the sentence must not contain
 */
export function awsError(thrown: unknown, secrets: readonly string[]): string {
  return hideSecrets(sentenceOf(thrown), secrets);
}

/** The error code of the service, such as `AccessDenied`; `null` if the error does not come from a service. */
export function awsErrorName(thrown: unknown): string | null {
  return statusOf(thrown) === null || !(thrown instanceof Error) ? null : thrown.name;
}

/** The HTTP status of the service's response; `null` without a response. */
export function statusOf(thrown: unknown): number | null {
  const metadata = field(thrown, '$metadata');
  const status = field(metadata, 'httpStatusCode');
  return typeof status === 'number' ? status : null;
}

function sentenceOf(thrown: unknown): string {
  const name = awsErrorName(thrown);
  if (name !== null && thrown instanceof Error) {
    return ended(thrown.message === '' ? name : `${name}: ${thrown.message}`);
  }
  const chain = chainOf(thrown);
  const known = chain.map(knownSentence).find((sentence) => sentence !== null);
  return known ?? ended(chain.at(-1)?.message || 'The request failed');
}

/** The SDK wraps network errors. */
function chainOf(thrown: unknown): Error[] {
  return thrown instanceof Error ? [thrown, ...chainOf(thrown.cause)] : [];
}

function knownSentence(error: Error): string | null {
  const code = field(error, 'code');
  if (blockedCodes.has(code)) return error.message;
  const ofNetwork = typeof code === 'string' ? networkSentences[code] : undefined;
  return ofNetwork ?? sentencesByName[error.name] ?? null;
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function ended(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
