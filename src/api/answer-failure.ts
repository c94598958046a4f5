import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { messageOf, PermanentError, RetryableError } from '../core/errors.ts';
import { readJsonText } from '../core/json/read-json.ts';
import type { Log } from '../core/ports/log.ts';
import { refuse } from '../core/refusal.ts';
import { answerRefusal } from './answers.ts';
import { type RefusalCode, refusalStatuses } from './refusal-status.ts';

/** Answers an error of a route: an invalid body, an unavailable store, or a bug, whose details are only logged. */
export async function answerFailure(c: Context, thrown: unknown, log: Log): Promise<Response> {
  if (thrown instanceof RetryableError) {
    c.header('Retry-After', String(thrown.retryAfterSeconds));
    return answerRefusal(
      c,
      refuse('unavailable', 'The service is busy or its store is unavailable. Try again later.'),
    );
  }
  if (thrown instanceof PermanentError && isRefusalCode(thrown.code)) {
    return answerRefusal(c, refuse(thrown.code, thrown.message));
  }
  if (thrown instanceof HTTPException && thrown.status === 415) {
    const detail = 'Send the body as JSON, with the header "Content-Type: application/json".';
    return answerRefusal(c, refuse('unsupported-media-type', detail));
  }
  if (thrown instanceof HTTPException && thrown.status === 400) {
    return answerRefusal(c, refuse('malformed-json', faultOf(await c.req.text())));
  }
  log.error('request.failed', {
    method: c.req.method,
    path: c.req.path,
    reason: messageOf(thrown),
    stack: stackOf(thrown),
  });
  return answerRefusal(c, refuse('internal-error', 'Internal server error. The details were logged.'));
}

/** Where a body that `JSON.parse` rejects is not JSON. */
function faultOf(body: string): string {
  const read = readJsonText(body, { maxDepth: 256, maxKeys: Number.POSITIVE_INFINITY });
  return read.outcome === 'refused' ? read.detail : 'The body is not valid JSON.';
}

/** Answers a path without a route. */
export function answerUnknownPath(c: Context): Response {
  const detail = 'Path not found. See /api/v1/openapi.json for all paths.';
  return answerRefusal(c, refuse('not-found', detail));
}

/** Answers an unsupported method, and `OPTIONS`, which asks for the supported ones. */
export function answerOtherMethod(c: Context, allowed: readonly string[]): Response {
  c.header('Allow', allowed.join(', '));
  if (c.req.method === 'OPTIONS') return c.body(null, 204);
  const detail = `This path supports ${allowed.join(', ')}, not ${c.req.method}.`;
  return answerRefusal(c, refuse('method-not-allowed', detail));
}

function isRefusalCode(code: string): code is RefusalCode {
  return Object.hasOwn(refusalStatuses, code);
}

function stackOf(thrown: unknown): string | undefined {
  return thrown instanceof Error ? thrown.stack : undefined;
}
