import type { IncomingMessage } from 'node:http';
import type { SendContext, Sent } from '../../core/connectors/connector-type.ts';
import { hideSecrets, isSecretName } from '../../core/redaction/hide-secrets.ts';
import { guardedRequest, responseExcerpt, responseHeaders, retryAfterMs } from '../../net/guarded-request.ts';
import { networkError } from '../../net/network-error.ts';
import { BlockedTarget } from '../../net/target-guard.ts';
import type { WebhookMessage } from './outbound-mode.ts';

/** Makes one attempt: POSTs the message, follows no redirect, and reads no more of the answer than an excerpt. */
export async function send(message: WebhookMessage, context: SendContext): Promise<Sent> {
  const timeout = AbortSignal.timeout(message.timeoutMs);
  try {
    const signal = AbortSignal.any([timeout, context.signal]);
    const request = { method: 'POST', ...message };
    const response = await guardedRequest(request, context.allowPrivateTargets, signal);
    const credentials = [...context.secrets.flatMap(credentialParts), ...sentCredentials(message)];
    const excerpt = await responseExcerpt(response, credentials);
    return outcomeOf(response, excerpt, credentials);
  } catch (thrown) {
    if (thrown instanceof BlockedTarget) return blocked(thrown);
    const error = timeout.aborted
      ? `The receiver did not respond within ${message.timeoutMs / 1_000} seconds.`
      : networkError(thrown);
    return unanswered({ outcome: 'failed', error, retryAfterMs: 0 });
  }
}

/** Statuses after which another attempt may succeed, beside all of 5xx. */
const retriedStatuses = new Set([408, 409, 425, 429]);

/** The one place that says what a receiver's status means. */
function outcomeOf(
  response: IncomingMessage,
  responseExcerpt: string | null,
  credentials: readonly string[],
): Sent {
  const { statusCode = 0 } = response;
  const headers = Object.entries(responseHeaders(response)).map(
    ([name, value]) => [name, hideSecrets(value, credentials)] as const,
  );
  const answered = { statusCode, responseExcerpt, responseHeaders: Object.fromEntries(headers) };
  if (statusCode >= 200 && statusCode < 300) return { outcome: 'delivered', ...answered };
  const error = `The receiver responded with ${statusCode}.`;
  if (statusCode === 410) {
    return { outcome: 'gone', error, reason: 'The receiver responded with 410 Gone.', ...answered };
  }
  if (retriedStatuses.has(statusCode) || statusCode >= 500) {
    const asked = retryAfterMs(response.headers['retry-after'], Date.now());
    return { outcome: 'failed', error, retryAfterMs: asked, ...answered };
  }
  if (statusCode >= 300 && statusCode < 400) {
    return {
      outcome: 'rejected',
      error: `The receiver responded with ${statusCode}; redirects are not followed.`,
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

/** What the operator's setting blocks today, it may allow tomorrow. */
function blocked({ message: error, isFinal }: BlockedTarget): Sent {
  return unanswered(isFinal ? { outcome: 'rejected', error } : { outcome: 'failed', error, retryAfterMs: 0 });
}

/** Shorter parts of a header (`v1`, `realm`) are syntax, not secrets. */
const shortestPart = 8;

/** `Bearer abc`: the scheme is not secret, but the rest is, however short (RFC 9110, section 11.4). */
const schemeAndRest = /^([\w-]+) +(.+)$/;

/** All credentials in a message's headers, whole and in parts, because receivers may echo any of them. */
function sentCredentials({ headers }: WebhookMessage): string[] {
  return Object.entries(headers).flatMap(([name, value]) =>
    isSecretName(name, 'variable') ? credentialParts(value) : [],
  );
}

/** A credential and those of its parts that are credentials themselves. */
function credentialParts(value: string): string[] {
  const [, scheme, rest] = schemeAndRest.exec(value) ?? [];
  if (scheme === undefined || rest === undefined || scheme.includes('=')) return [value, ...pieces(value)];
  return [value, rest, ...pieces(rest), ...(scheme.toLowerCase() === 'basic' ? userAndPassword(rest) : [])];
}

/** `v1,abc v1,def`, `username="ada", response="0f"`, `whsec_abc`. */
function pieces(value: string): string[] {
  const words = value.split(/\s+/);
  const parts = words.flatMap((word) => [word, ...word.split(/[,;"']+/)]);
  const values = parts.flatMap((part) => [
    part,
    part.replace(/^[\w-]+=(?==*[^=])/, ''),
    part.replace(/^whsec_/, ''),
  ]);
  return values.filter((piece) => piece.length >= shortestPart);
}

function userAndPassword(encoded: string): string[] {
  const decoded = Buffer.from(encoded, 'base64').toString();
  return [decoded, decoded.slice(decoded.indexOf(':') + 1)];
}
