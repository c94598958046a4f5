import { createServer, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { getRequestListener, RequestError } from '@hono/node-server';
import { managementApi } from '../api/management-api.ts';
import { anyOf, apiKeyCaller } from '../api/operators/caller.ts';
import type { PageSessions } from '../api/operators/page-sessions.ts';
import type { Engine } from '../core/ports/engine.ts';
import { authenticateAdmin } from './admin-token.ts';
import { BodyMemory } from './http-request.ts';
import { listen } from './listen.ts';
import type { ServerLog } from './log.ts';
import { knownHosts, requestRouter } from './request-router.ts';
import { serveDashboard } from './serve-dashboard.ts';
import { serveDescription } from './serve-description.ts';
import { Sockets } from './sockets.ts';
import { openPageSessions } from './stored-page-sessions.ts';

export interface ServerOptions {
  readonly engine: Engine;
  readonly host: string;
  /** 0 picks a free port. */
  readonly port: number;
  readonly adminToken: string;
  /** Called when the admin token is used. */
  readonly onTokenUsed?: () => void;
  /** The file in which dashboard sessions survive a restart. Default: none. */
  readonly sessionsFile?: string;
  /** The product's public URL, without a trailing slash. Default: the address that it listens on. */
  readonly baseUrl?: string | undefined;
  /** Further host names under which the API and the dashboard are served; `*` for all. */
  readonly allowedHosts?: readonly string[];
  readonly log: ServerLog;
  /** Why the engine cannot store anything, in a sentence, or `null`; reported by `/health`. Default: `null`. */
  readonly trouble?: () => string | null;
  /** Folder of the built dashboard. Default: the output folder of the build. */
  readonly dashboardFolder?: string;
  /** How long a client may take to send a request with its body, in ms. Default: two minutes. */
  readonly requestTimeoutMs?: number;
  /** Concurrent requests; more are refused before any of their data is read. */
  readonly maxConcurrentRequests?: number;
  /** Concurrent requests from one address; behind a proxy, of all its clients. */
  readonly maxRequestsPerAddress?: number;
  /** Concurrent WebSocket connections, at most half of them from one address; more are refused. */
  readonly maxSockets?: number;
  /** Interval between pings of a WebSocket connection, in ms. Default: 30 seconds. */
  readonly pingEveryMs?: number;
  /** Total size of webhook bodies in memory, in bytes, beyond the first 64 KiB of each; more is refused. */
  readonly maxBodyBytesInHand?: number;
}

export interface RunningServer {
  readonly sessions: PageSessions;
  /** `http://host:port`. */
  readonly address: string;
  /**
   * Stops accepting, then waits until requests are answered and the runs of sync callers have ended. Callers still
   * waiting after `drainMs` (default 10 s) get `202` with the location of their run; the rest is terminated.
   */
  stop(drainMs?: number): Promise<void>;
}

/** More than a typical machine for this engine serves concurrently. */
const defaultMaxConcurrentRequests = 5_000;
/** No address takes all of it. */
const defaultMaxRequestsPerAddress = defaultMaxConcurrentRequests / 2;
const defaultMaxSockets = 10_000;
const defaultMaxBodyBytesInHand = 256 * 1024 * 1024;
const defaultDrainMs = 10_000;

/** For a whole request with its body: 25 MB over a line of 2 Mbit/s. */
const defaultRequestTimeoutMs = 120_000;

/** Connection timeouts, in ms: a slow client must not hold a connection for ever. */
const connectionLimits = (requestTimeout: number) => ({
  requestTimeout,
  headersTimeout: Math.min(requestTimeout, 20_000),
  connectionsCheckingInterval: Math.min(requestTimeout, 5_000),
  /** Longer than common proxies keep idle connections (one minute), so that none closes while a proxy uses it. */
  keepAliveTimeout: 65_000,
  /** Answer a request without a host like any other error, instead of with Node's empty response. */
  requireHostHeader: false,
});

/**
 * Serves an engine over HTTP: webhooks, management API, health, and the dashboard.
 *
 * @throws PermanentError `port-in-use`, `port-not-allowed` or `address-not-available`
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { engine, host, port, log } = options;
  const stopping = new AbortController();
  const lettingGo = new AbortController();
  const unfinished = new Set<Promise<void>>();
  let address = '';
  const baseUrl = () => options.baseUrl ?? address;
  const sessions = await openPageSessions({
    file: options.sessionsFile ?? null,
    clock: engine.clock,
    log,
    port: () => new URL(address).port,
  });
  const api = managementApi(engine, {
    sessions,
    authenticate: anyOf(apiKeyCaller(engine), authenticateAdmin(options.adminToken, options.onTokenUsed)),
    baseUrl,
    stopping: stopping.signal,
  });
  const keepAlive = (finished: Promise<void>) => {
    unfinished.add(finished);
    finished.finally(() => unfinished.delete(finished));
  };
  const maxSockets = options.maxSockets ?? defaultMaxSockets;
  const sockets = new Sockets({
    engine,
    log,
    keepAlive,
    maxConnections: maxSockets,
    maxPerAddress: Math.ceil(maxSockets / 2),
    ...(options.pingEveryMs === undefined ? {} : { pingEveryMs: options.pingEveryMs }),
  });
  const serve = requestRouter({
    engine,
    log,
    stopping: stopping.signal,
    letGo: lettingGo.signal,
    baseUrl,
    bodies: new BodyMemory(options.maxBodyBytesInHand ?? defaultMaxBodyBytesInHand),
    maxConcurrentRequests: options.maxConcurrentRequests ?? defaultMaxConcurrentRequests,
    trouble: options.trouble ?? (() => null),
    knowsHost: knownHosts(host, options.baseUrl, options.allowedHosts ?? []),
    maxRequestsPerAddress: options.maxRequestsPerAddress ?? defaultMaxRequestsPerAddress,
    dashboard: serveDashboard(options.dashboardFolder),
    description: serveDescription((request) => api.fetch(request)),
    api: getRequestListener(api.fetch, { hostname: host, errorHandler: answerBadTarget }),
    keepAlive,
  });
  const server = createServer({
    ...connectionLimits(options.requestTimeoutMs ?? defaultRequestTimeoutMs),
    shouldUpgradeCallback: (request) => sockets.isMeant(request),
  });
  server.on('clientError', answerBrokenRequest);
  server.on('request', (request, response) => serve(request, response, false));
  sockets.serve(server);
  server.on('checkContinue', (request, response) => serve(request, response, true));
  address = await listen(server, host, port);
  return {
    address,
    sessions,
    async stop(drainMs = defaultDrainMs) {
      stopping.abort();
      sockets.stop();
      const letGo = () => {
        lettingGo.abort();
        sockets.letGo();
      };
      await closeServer(server, unfinished, drainMs, letGo, () => sockets.breakOff());
    },
  };
}

/** Interval between checks for idle connections. */
const sweepMs = 25;
/** Time for waiting callers to read their response, in ms: it is small and sent immediately. */
const answerMs = 2_000;

/**
 * Closes a server once its requests are answered and `unfinished` work has ended, or after `drainMs`. Callers still
 * waiting then get the current state of their runs, and remaining connections are terminated.
 *
 * @param letGo makes waiting callers get their response now
 * @param breakOff terminates upgraded connections, which the HTTP server no longer tracks
 */
async function closeServer(
  server: Server,
  unfinished: ReadonlySet<Promise<void>>,
  drainMs: number,
  letGo: () => void,
  breakOff: () => void,
): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  const sweep = setInterval(() => server.closeIdleConnections(), sweepMs);
  await atMost(
    drainMs,
    closed.then(() => Promise.all(unfinished)),
  );
  letGo();
  await atMost(answerMs, closed);
  clearInterval(sweep);
  server.closeAllConnections();
  breakOff();
  await closed;
}

async function atMost(longestMs: number, work: Promise<unknown>): Promise<void> {
  const waiting = new AbortController();
  const longest = sleep(longestMs, undefined, { signal: waiting.signal }).catch(() => undefined);
  await Promise.race([work, longest]);
  waiting.abort();
}

interface BrokenRequest {
  readonly status: string;
  readonly code: string;
  readonly detail: string;
}

const malformed: BrokenRequest = {
  status: '400 Bad Request',
  code: 'malformed',
  detail: 'This is not an HTTP request.',
};

/** Node's error codes for requests that it cannot parse or receive. */
const knownProblems: Readonly<Record<string, BrokenRequest>> = {
  HPE_HEADER_OVERFLOW: {
    status: '431 Request Header Fields Too Large',
    code: 'headers-too-large',
    detail: 'The headers exceed 16 kB.',
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: '408 Request Timeout',
    code: 'request-timeout',
    detail: 'The request did not arrive in time.',
  },
};

/** Answers data that is not a valid HTTP request, and closes the connection. */
function answerBrokenRequest(error: Error & { code?: string }, socket: Duplex): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const { status, code, detail } = knownProblems[error.code ?? ''] ?? malformed;
  const body = JSON.stringify({ detail, code });
  const head = [
    `HTTP/1.1 ${status}`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

/** Answers an HTTP request with a malformed host or path; returns `undefined` for any other error. */
function answerBadTarget(thrown: unknown): Response | undefined {
  if (!(thrown instanceof RequestError)) return undefined;
  const detail = 'The host or the path of the request is malformed.';
  return Response.json({ detail, code: malformed.code }, { status: 400 });
}
