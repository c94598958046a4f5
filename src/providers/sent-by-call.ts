import type { SendContext, Sent } from '../core/connectors/connector-type.ts';
import { hideSecrets } from '../core/redaction/hide-secrets.ts';

/** A call of a provider's API that failed. */
export interface FailedCall {
  readonly outcome: 'error';
  /** A sentence that contains the provider's own words. */
  readonly error: string;
  /** Whether another call may succeed. */
  readonly mayPass: boolean;
  readonly retryAfterMs: number;
  readonly status: number | null;
  readonly text: string | null;
}

interface SuccessfulCall {
  readonly outcome: 'ok';
  /** 200 where the provider has no other. */
  readonly status?: number;
  readonly text: string;
}

const excerptCharacters = 1_000;

/** What a call that posts a message means for its delivery. */
export function sentByCall(call: SuccessfulCall | FailedCall, { secrets }: SendContext): Sent {
  const excerpt = (text: string | null) => text && hideSecrets(text, secrets).slice(0, excerptCharacters);
  if (call.outcome === 'ok') {
    return { outcome: 'delivered', statusCode: call.status ?? 200, responseExcerpt: excerpt(call.text) };
  }
  const { status: statusCode, error, mayPass, retryAfterMs } = call;
  const answered = { statusCode, responseExcerpt: excerpt(call.text), error: hideSecrets(error, secrets) };
  return mayPass ? { outcome: 'failed', ...answered, retryAfterMs } : { outcome: 'rejected', ...answered };
}

/** A delivery that is not sent at all. @param error a sentence */
export function notSent(error: string): Sent {
  return { outcome: 'rejected', error, statusCode: null, responseExcerpt: null };
}
