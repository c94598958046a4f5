import { Agent, type Dispatcher, request } from 'undici';
import type { SendContext, Sent } from '../../core/connector-type.ts';
import { networkError } from './network-error.ts';
import type { WebhookMessage } from './prepare.ts';
import { responseExcerpt } from './response-excerpt.ts';
import { retryAfterMs } from './retry-after.ts';
import { credentialParts, sentCredentials } from './sent-credentials.ts';
import { BlockedTarget, checkTarget, guardedConnector } from './target-guard.ts';

/** Connections are kept for each answer to "are private targets allowed?", so that none serves the other one. */
const dispatchers = new Map<boolean, Dispatcher>();

/** Makes one attempt: POSTs the message, follows no redirect, and reads no more of the answer than an excerpt. */
export async function send(message: WebhookMessage, context: SendContext): Promise<Sent> {
  const timeout = AbortSignal.timeout(message.timeoutMs);
  try {
    checkTarget(message.url, context.allowPrivateTargets);
    const response = await request(message.url, {
      dispatcher: dispatcherFor(context.allowPrivateTargets),
      method: 'POST',
      headers: message.headers,
      body: message.body,
      signal: AbortSignal.any([timeout, context.signal]),
    });
    const credentials = [...context.secrets.flatMap(credentialParts), ...sentCredentials(message)];
    const excerpt = await responseExcerpt(response.body, credentials);
    return outcomeOf(response, excerpt);
  } catch (thrown) {
    if (thrown instanceof BlockedTarget) return unanswered({ outcome: 'rejected', error: thrown.message });
    const error = timeout.aborted
      ? `The receiver did not answer within ${message.timeoutMs / 1_000} seconds.`
      : networkError(thrown);
    return unanswered({ outcome: 'failed', error, retryAfterMs: 0 });
  }
}

function dispatcherFor(allowPrivateTargets: boolean): Dispatcher {
  let dispatcher = dispatchers.get(allowPrivateTargets);
  if (dispatcher === undefined) {
    dispatcher = new Agent({ connect: guardedConnector(allowPrivateTargets) });
    dispatchers.set(allowPrivateTargets, dispatcher);
  }
  return dispatcher;
}

/** Statuses after which another attempt may succeed, beside all of 5xx (connectors.md, "Webhook, outbound"). */
const retriedStatuses = new Set([408, 409, 425, 429]);

/** The one place that says what a receiver's status means. */
function outcomeOf(response: Dispatcher.ResponseData, responseExcerpt: string | null): Sent {
  const { statusCode } = response;
  const answered = { statusCode, responseExcerpt };
  if (statusCode >= 200 && statusCode < 300) return { outcome: 'delivered', ...answered };
  const error = `The receiver answered ${statusCode}.`;
  if (statusCode === 410) return { outcome: 'gone', error, ...answered };
  if (retriedStatuses.has(statusCode) || statusCode >= 500) {
    const header = response.headers['retry-after'];
    const asked = retryAfterMs(typeof header === 'string' ? header : undefined, Date.now());
    return { outcome: 'failed', error, retryAfterMs: asked, ...answered };
  }
  if (statusCode < 400) {
    return {
      outcome: 'rejected',
      error: `The receiver answered ${statusCode}; redirects are not followed.`,
      ...answered,
    };
  }
  return { outcome: 'rejected', error, ...answered };
}

function unanswered(
  outcome:
    | { outcome: 'rejected'; error: string }
    | { outcome: 'failed'; error: string; retryAfterMs: number },
): Sent {
  return { ...outcome, statusCode: null, responseExcerpt: null };
}
