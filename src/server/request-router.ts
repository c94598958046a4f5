import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { messageOf } from '../core/errors.ts';
import type { Engine } from '../core/ports/engine.ts';
import { answer, answerError } from './answer.ts';
import type { ServerLog } from './log.ts';
import type { ServeDashboard } from './serve-dashboard.ts';
import { pathOf, serveWebhook, webhookPrefix } from './webhook-routes.ts';

export interface RouterOptions {
  readonly engine: Engine;
  readonly log: ServerLog;
  readonly maxConcurrentRequests: number;
  /** Aborts when the server stops: nothing new is taken then. */
  readonly stopping: AbortSignal;
  /** What keeps the engine from keeping anything, in a sentence; `null` where nothing does. */
  readonly trouble: () => string | null;
  /** Serves the web page and its files. */
  readonly dashboard: ServeDashboard;
  /** Serves everything that is not served here. */
  readonly api: RequestListener;
  /** Is told of everything that goes on after its answer. Never rejects. */
  readonly keepAlive: (finished: Promise<void>) => void;
  /** Aborts when sync callers have to be answered with what there is. */
  readonly letGo: AbortSignal;
}

/** @param expectsContinue whether the sender waits with the body until it is asked for it (`Expect: 100-continue`) */
export type Serve = (request: IncomingMessage, response: ServerResponse, expectsContinue: boolean) => void;

const nothing = (): void => {};

/** Chooses who answers a request: webhooks directly, and with as little work as possible; the rest by the API. */
export function requestRouter(options: RouterOptions): Serve {
  const { log, stopping, maxConcurrentRequests } = options;
  const logsRequests = log.level === 'debug';
  let active = 0;
  const release = () => {
    active -= 1;
  };
  return (request, response, expectsContinue) => {
    if (stopping.aborted)
      return refuse(response, 'The server is stopping; please try again.', { connection: 'close' });
    if (active >= maxConcurrentRequests)
      return refuse(response, 'Too many requests at once; please try again.');
    active += 1;
    response.once('close', release);
    if (logsRequests) logWhenServed(log, request, response);
    // Who waits and is answered at once sends no body, or does: only a new connection is sure to begin with a request.
    if (expectsContinue) response.shouldKeepAlive = false;
    route(options, request, response, expectsContinue ? () => response.writeContinue() : nothing);
  };
}

function route(
  options: RouterOptions,
  request: IncomingMessage,
  response: ServerResponse,
  onRead: () => void,
): void {
  const target = request.url ?? '';
  if (target.startsWith(webhookPrefix)) {
    serveWebhook(options, request, response, onRead).catch((thrown: unknown) => {
      fail(options.log, request, response, thrown);
    });
    return;
  }
  const path = pathOf(target);
  if (path === '/health') serveHealth(options.trouble(), request, response);
  else if (!options.dashboard(request, response, path)) {
    onRead();
    // A large body may be refused before its end; what follows on its connection would not be a request.
    if (isLarge(request)) response.shouldKeepAlive = false;
    options.api(request, response);
  }
}

function isLarge({ headers }: IncomingMessage): boolean {
  return 'transfer-encoding' in headers || Number(headers['content-length'] ?? 0) > 1024 * 1024;
}

const jsonHeaders = { 'content-type': 'application/json', 'cache-control': 'no-store' };

function serveHealth(trouble: string | null, request: IncomingMessage, response: ServerResponse): void {
  if (request.method === 'GET' || request.method === 'HEAD') {
    if (trouble === null) answer(response, 200, jsonHeaders, '{"status":"ok"}');
    else answer(response, 503, jsonHeaders, JSON.stringify({ status: 'unavailable', detail: trouble }));
    return;
  }
  const detail = `This path takes GET, not ${request.method}.`;
  answerError(response, 405, 'method-not-allowed', detail, { allow: 'GET, HEAD' });
}

function refuse(
  response: ServerResponse,
  detail: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  answerError(response, 503, 'unavailable', detail, { 'retry-after': '1', ...headers });
}

function fail(log: ServerLog, request: IncomingMessage, response: ServerResponse, thrown: unknown): void {
  const stack = thrown instanceof Error ? thrown.stack : undefined;
  log.error('request.failed', {
    method: request.method,
    path: pathOf(request.url ?? ''),
    reason: messageOf(thrown),
    stack,
  });
  if (response.headersSent) response.destroy();
  else answerError(response, 500, 'internal-error', 'Something went wrong on this side; it was logged.');
}

/** One line per request, without its query: a secret may be in there. */
function logWhenServed(log: ServerLog, request: IncomingMessage, response: ServerResponse): void {
  const startedAt = performance.now();
  response.once('close', () => {
    log.debug('request.served', {
      method: request.method,
      path: pathOf(request.url ?? ''),
      status: response.headersSent ? response.statusCode : null,
      complete: response.writableFinished,
      duration_ms: Math.round(performance.now() - startedAt),
    });
  });
}
