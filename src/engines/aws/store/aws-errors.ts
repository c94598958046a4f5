import { messageOf, RetryableError } from '../../../core/errors.ts';

/** Errors for temporary limits; AWS uses status 400 for most of them. */
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

/** Lambda renews credentials while a process runs, so the next call has new ones. */
const expiredNames = new Set(['ExpiredToken', 'ExpiredTokenException']);

/**
 * Translates an SDK error for the core: a `RetryableError` for throttling, outages, timeouts, and network errors; all
 * other errors stay as they are, because they mean a bug or a missing permission.
 */
export function platformError(thrown: unknown): unknown {
  if (!(thrown instanceof Error) || thrown instanceof RetryableError) return thrown;
  return isOfTheMoment(thrown)
    ? new RetryableError(`AWS is unavailable: ${messageOf(thrown)}`, { cause: thrown })
    : thrown;
}

/** Awaits one call to AWS and translates its errors with `platformError`. */
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
  /** The SDK's metadata of a call: the status of the answer, if any, and the number of attempts. */
  readonly $metadata?: { readonly httpStatusCode?: number; readonly attempts?: number };
}

function isOfTheMoment(error: CallFailure): boolean {
  const { httpStatusCode: status, attempts } = error.$metadata ?? {};
  // The SDK tried and got no answer: a timeout, a dropped connection, or a failed name lookup.
  if (status === undefined) return attempts !== undefined;
  return status === 429 || status >= 500 || throttlingNames.has(error.name) || expiredNames.has(error.name);
}
