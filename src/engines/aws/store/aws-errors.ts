import { messageOf, RetryableError } from '../../../core/errors.ts';

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

/** Lambda's credentials are renewed while a process goes on: the next call has new ones. */
const expiredNames = new Set(['ExpiredToken', 'ExpiredTokenException']);

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

interface CallFailure extends Error {
  /** What the SDK notes of a call: the answer's status, if there was one, and how often it tried. */
  readonly $metadata?: { readonly httpStatusCode?: number; readonly attempts?: number };
}

function isOfTheMoment(error: CallFailure): boolean {
  const { httpStatusCode: status, attempts } = error.$metadata ?? {};
  // It was tried and nothing answered: a timeout, a cut connection, a name that does not resolve.
  if (status === undefined) return attempts !== undefined;
  return status === 429 || status >= 500 || throttlingNames.has(error.name) || expiredNames.has(error.name);
}
