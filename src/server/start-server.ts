import { createServer } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { managementApi } from '../api/management-api.ts';
import { apiKeyCaller } from '../api/operators/api-key-caller.ts';
import { anyOf } from '../api/operators/caller.ts';
import type { PageSessions } from '../api/operators/page-sessions.ts';
import type { Engine } from '../core/ports/engine.ts';
import { authenticateAdmin } from './admin-token.ts';
import { BodyMemory } from './body-memory.ts';
import { answerBadTarget, answerBrokenRequest } from './broken-request.ts';
import { closeServer } from './close-server.ts';
import { knownHosts } from './known-hosts.ts';
import { listen } from './listen.ts';
import type { ServerLog } from './log.ts';
import { requestRouter } from './request-router.ts';
import { serveDashboard } from './serve-dashboard.ts';
import { serveDescription } from './serve-description.ts';
import { openPageSessions } from './sessions/stored-page-sessions.ts';
import { Sockets } from './sockets.ts';

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
