import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { connectorPrefix } from '../core/connectors/connector-path.ts';
import { messageOf } from '../core/errors.ts';
import type { Engine } from '../core/ports/engine.ts';
import { Admission } from './admission.ts';
import { answer, answerError, answerNothing, answerUnknownHost } from './answer.ts';
import { type ConnectorRoutes, pathOf, serveConnector } from './connector-routes.ts';
import type { BodyMemory } from './http-request.ts';
import type { ServerLog } from './log.ts';
import type { ServeDashboard } from './serve-dashboard.ts';
import type { ServeDescription } from './serve-description.ts';

interface RouterOptions {
  readonly engine: Engine;
  readonly log: ServerLog;
  readonly maxConcurrentRequests: number;
  readonly maxRequestsPerAddress: number;
  /** Aborts when the server stops; new requests are then refused. */
  readonly stopping: AbortSignal;
  /** Why the engine cannot store anything, in a sentence; `null` if it can. */
  readonly trouble: () => string | null;
  /** Whether the dashboard and the API are served under a host. Webhooks and health are served under every host. */
  readonly knowsHost: KnowsHost;
  /** Serves the dashboard and its files. */
  readonly dashboard: ServeDashboard;
  /** Serves the OpenAPI description. */
  readonly description: ServeDescription;
  /** Serves all other paths below `apiPrefix`. */
  readonly api: RequestListener;
  /** Called with all work that continues after its response. Never rejects. */
  readonly keepAlive: (finished: Promise<void>) => void;
  /** Aborts when sync callers must get the current state of their runs. */
  readonly letGo: AbortSignal;
  /** Memory for request bodies. */
  readonly bodies: BodyMemory;
  /** The product's public URL, without a trailing slash. */
  readonly baseUrl: () => string;
}

/** @param expectsContinue whether the sender waits for `100 Continue` before it sends the body */
type Serve = (request: IncomingMessage, response: ServerResponse, expectsContinue: boolean) => void;

const nothing = (): void => {};

const apiPrefix = '/api/v1/';

/** Routes requests: webhooks directly, with as little work as possible; most others to the API. */
export function requestRouter(options: RouterOptions): Serve {
  const { log, stopping } = options;
  const logsRequests = log.level === 'debug';
  const targets = new CallTargets();
  const admission = new Admission({
    total: options.maxConcurrentRequests,
    perAddress: options.maxRequestsPerAddress,
  });
  const routes = {
    ...options,
    onTaken: (connectorId: string) => targets.add(connectorId),
  };
  const begin = (request: IncomingMessage, response: ServerResponse, expectsContinue: boolean) => {
    if (stopping.aborted)
      return refuse(response, 'The server is stopping. Try again later.', { connection: 'close' });
    if (logsRequests) logWhenServed(log, request, response);
    // After a final response, a waiting sender may or may not send its body: what follows may not be a request.
    if (expectsContinue) response.shouldKeepAlive = false;
    route(routes, request, response, expectsContinue ? () => response.writeContinue() : nothing);
  };
  return (request, response, expectsContinue) =>
    admission.admit(request, response, {
      target: targets.of(request.url ?? ''),
      begin: () => begin(request, response, expectsContinue),
      refuse: (detail) => refuse(response, detail),
    });
}

function route(
  options: RouterOptions & ConnectorRoutes,
  request: IncomingMessage,
  response: ServerResponse,
  onRead: () => void,
): void {
  const { host, isAbsolute } = toOriginForm(request);
  if (host === undefined && request.httpVersion === '1.1') {
    answerError(response, 400, 'malformed', 'The request has no Host header.');
    return;
  }
  const path = pathOf(request.url ?? '');
  // The caller takes this server for a proxy.
  if (isAbsolute && !options.knowsHost(host)) {
    answerNothing(request, response);
    return;
  }
  if (path.startsWith(connectorPrefix)) {
    serveConnector(options, request, response, onRead).catch((thrown: unknown) => {
      fail(options.log, request, response, thrown);
    });
    return;
  }
  if (path === '/health') serveHealth(options.trouble(), request, response);
  else if (!options.knowsHost(host)) answerUnknownHost(request, response, host);
  else if (options.description(request, response, path)) return;
  else if (path.startsWith(apiPrefix)) {
    onRead();
    // A large body may be refused before its end, so what follows on the connection is not a request.
    if (isLarge(request)) response.shouldKeepAlive = false;
    options.api(request, response);
  } else if (!options.dashboard(request, response, path)) answerNothing(request, response);
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
  const detail = `This path supports GET, not ${request.method}.`;
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
  else answerError(response, 500, 'internal-error', 'Internal server error. The details were logged.');
}

/** One line per request, without its query: the query may contain a secret. */
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

/** The host that a request asks for, and the form of its target. */
interface RequestedHost {
  /** With its port, if any; `undefined` if the request names no host (HTTP/1.0). */
  readonly host: string | undefined;
  /** Whether the target is a full URL, as clients send it to a proxy. */
  readonly isAbsolute: boolean;
}

/**
 * Rewrites the target of a request to path and query: `GET http://host/path` means the same as `GET /path` with
 * `Host: host`, and every server must accept it (RFC 9112, section 3.2.2).
 */
function toOriginForm(request: IncomingMessage): RequestedHost {
  const target = request.url ?? '';
  if (!/^https?:\/\//i.test(target) || !URL.canParse(target)) {
    return { host: request.headers.host, isAbsolute: false };
  }
  const { host, pathname, search } = new URL(target);
  request.url = `${pathname}${search}`;
  return { host, isAbsolute: true };
}

/** Connectors to remember; beyond that, the oldest entry is forgotten. */
const maxKnown = 1_000;

/**
 * Tells the target of a request, for fair shares of the server. A connector is a target of its own once it has taken a
 * request. Invented ids are one target, together with all other paths.
 */
class CallTargets {
  readonly #known = new Set<string>();

  /** Remembers a connector that has taken a request. */
  add(connectorId: string): void {
    if (this.#known.has(connectorId)) return;
    if (this.#known.size >= maxKnown) this.#known.delete(this.#known.values().next().value ?? '');
    this.#known.add(connectorId);
  }

  /** @param target the request target as received */
  of(target: string): string {
    if (!target.startsWith(connectorPrefix)) return '';
    const path = pathOf(target);
    const end = path.indexOf('/', connectorPrefix.length);
    const connectorId = path.slice(connectorPrefix.length, end === -1 ? undefined : end);
    return this.#known.has(connectorId) ? connectorId : '';
  }
}

/** Whether the management API and the dashboard are served under the host of a `Host` header. */
type KnowsHost = (host: string | undefined) => boolean;

/** The value with which an operator allows every name, if a proxy in front of the server checks them. */
const everyName = '*';

/**
 * Knows the host names of this server. An attacker's page can make its own name resolve to this machine (DNS
 * rebinding); the browser then treats the server as the page's own, and only the host name shows the difference. Always
 * allowed are hosts that no such page can have (addresses, `localhost`), and requests without a host: browsers send it.
 *
 * @param listening the host that the server binds to
 * @param baseUrl its public URL
 * @param allowed further names, such as those that a proxy passes on; `*` for all
 */
export function knownHosts(
  listening: string,
  baseUrl: string | undefined,
  allowed: readonly string[],
): KnowsHost {
  if (allowed.includes(everyName)) return () => true;
  const outside = baseUrl === undefined ? [] : [new URL(baseUrl).host];
  const names = new Set(['localhost', hostname(), listening, ...outside, ...allowed].map(nameOf));
  return (host) => {
    if (host === undefined) return true;
    const name = nameOf(host);
    return names.has(name) || name.endsWith('.localhost') || isIP(name) !== 0;
  };
}

/** Removes the port and the brackets of an IPv6 address; lower case. */
function nameOf(host: string): string {
  const [, bracketed, plain] = /^(?:\[([^\]]*)\]|([^:]*))(?::\d*)?$/.exec(host) ?? [];
  return (bracketed ?? plain ?? host).toLowerCase().replace(/\.$/, '');
}
