import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { AllowedTargets } from '../core/connectors/private-targets.ts';
import { guardedRequest, type OutboundRequest, retryAfterMs } from '../net/guarded-request.ts';
import { networkError } from '../net/network-error.ts';
import { BlockedTarget } from '../net/target-guard.ts';

export interface CallContext extends AllowedTargets {
  /** Aborts when the caller stops waiting. */
  readonly signal: AbortSignal;
}

export interface CallLimits {
  readonly timeoutMs: number;
  /** Of the response body. */
  readonly maxBytes: number;
}

export type ApiCall =
  | {
      readonly outcome: 'answered';
      readonly status: number;
      readonly headers: IncomingHttpHeaders;
      readonly body: Buffer;
      /** The delay that `Retry-After` asks for, in ms; 0 if none. */
      readonly retryAfterMs: number;
    }
  /** `error` is a sentence. `blocked`: no further call can succeed. */
  | {
      readonly outcome: 'unanswered';
      readonly error: string;
      readonly reason: 'blocked' | 'too-large' | 'network';
    };

/** The timeout is shorter than the lease of a delivery; API responses have a few kB. */
const usualLimits: CallLimits = { timeoutMs: 15_000, maxBytes: 1024 * 1024 };

/** Makes one call to a provider's HTTP API, through the egress guard. Never throws on network errors. */
export async function callApi(
  request: OutboundRequest,
  { allowPrivateTargets, signal }: CallContext,
  limits: CallLimits = usualLimits,
): Promise<ApiCall> {
  const timeout = AbortSignal.timeout(limits.timeoutMs);
  try {
    const response = await guardedRequest(request, allowPrivateTargets, AbortSignal.any([timeout, signal]));
    const body = await readBody(response, limits.maxBytes);
    if (body === null) {
      return unanswered(`The answer has more than ${limits.maxBytes} bytes.`, 'too-large');
    }
    const { statusCode: status = 0, headers } = response;
    const asked = retryAfterMs(headers['retry-after'], Date.now());
    return { outcome: 'answered', status, headers, body, retryAfterMs: asked };
  } catch (thrown) {
    // What the operator's setting blocks, it may allow later.
    if (thrown instanceof BlockedTarget) {
      return unanswered(thrown.message, thrown.isFinal ? 'blocked' : 'network');
    }
    return unanswered(
      timeout.aborted ? `No answer came within ${limits.timeoutMs / 1_000} seconds.` : networkError(thrown),
      'network',
    );
  }
}

async function readBody(response: IncomingMessage, maxBytes: number): Promise<Buffer | null> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of response) {
    size += piece.length;
    // Leaving the loop closes the connection.
    if (size > maxBytes) return null;
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

function unanswered(error: string, reason: 'blocked' | 'too-large' | 'network'): ApiCall {
  return { outcome: 'unanswered', error, reason };
}

/** The body of a response as JSON; `undefined` if it is not JSON. */
export function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}
