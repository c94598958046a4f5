import { messageOf, RetryableError } from '../../core/errors.ts';

/** Errors that name a limit of the moment; AWS uses 400 for most of them. */
const throttlingNames = new Set([
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'RequestThrottled',
  'RequestThrottledException',
  'SlowDown',
  'Throttling',
  'ThrottlingException',
  'ThrottledException',
  'TooManyRequestsException',
  'TransactionInProgressException',
  'LimitExceededException',
  'KMSThrottlingException',
]);

/** Errors of the way to AWS: of the SDK's own timeouts, of sockets and of name resolution. */
const networkNames = new Set(['TimeoutError', 'RequestTimeout', 'RequestTimeoutException', 'AbortError']);
const networkCodes = new Set([
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
]);

/** Errors of short-lived credentials, which come back by themselves; `CredentialsProviderError`: they could not be fetched. */
const credentialNames = new Set(['CredentialsProviderError', 'ExpiredToken', 'ExpiredTokenException']);

/**
 * What an error of the SDK means to the core: a `RetryableError` for throttling, outages, timeouts and the network;
 * the error itself for everything else, which is a bug or a missing permission.
 */
export function platformError(thrown: unknown): unknown {
  if (!(thrown instanceof Error) || thrown instanceof RetryableError) return thrown;
  return isOfTheMoment(thrown)
    ? new RetryableError(`AWS is unavailable: ${messageOf(thrown)}`, { cause: thrown })
    : thrown;
}

/** Awaits one call to AWS and translates its errors by `platformError`. */
export async function callAws<Answer>(call: Promise<Answer>): Promise<Answer> {
  try {
    return await call;
  } catch (thrown) {
    throw platformError(thrown);
  }
}

/** Whether the SDK threw the named exception of a service. */
export function isAwsError(thrown: unknown, name: string): boolean {
  return thrown instanceof Error && thrown.name === name;
}

function isOfTheMoment(error: Error & { code?: unknown; $metadata?: { httpStatusCode?: number } }): boolean {
  const status = error.$metadata?.httpStatusCode ?? 0;
  if (status === 429 || status >= 500) return true;
  if (typeof error.code === 'string' && networkCodes.has(error.code)) return true;
  return throttlingNames.has(error.name) || networkNames.has(error.name) || credentialNames.has(error.name);
}
