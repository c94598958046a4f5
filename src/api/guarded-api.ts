import { OpenAPIHono } from '@hono/zod-openapi';
import { bodyLimit } from 'hono/body-limit';
import { fieldProblems } from '../core/field-problem.ts';
import type { Engine } from '../core/ports/engine.ts';
import { refuse, refuseInvalid } from '../core/refusal.ts';
import { allowedMethods } from './allowed-methods.ts';
import { answerFailure, answerOtherMethod, answerUnknownPath } from './answer-failure.ts';
import { answerRefusal } from './answers.ts';
import { sessionPath } from './contract/page-header.ts';
import type { ManagementApp, ManagementContext, ManagementVariables } from './management-context.ts';
import { type Authenticate, mayCall } from './operators/caller.ts';
import type { PageSessions } from './operators/page-sessions.ts';
import { shownBy } from './page-requests.ts';
import { healthReader } from './read-health.ts';
import { sourceReader } from './read-source.ts';
import { recentStats } from './recent-stats.ts';

export interface ManagementOptions {
  readonly authenticate: Authenticate;
  /** Sessions of the dashboard, if this system has any. */
  readonly sessions?: PageSessions;
  /** Public URL of the product, without a trailing slash. Default: the one in the engine's settings. */
  readonly baseUrl?: () => string;
  /** Aborts when the process stops, which ends event streams. */
  readonly stopping?: AbortSignal;
}

/** Adds calls to the application. */
export type AddRoutes = (app: ManagementApp, context: ManagementContext) => void;

const basePath = '/api/v1';

/** Maximum body size, the same as for webhooks: a run started by hand may include files. */
const maxBodyBytes = 25 * 1024 * 1024;

/**
 * Some calls of the management API below `/api/v1`, as a Hono application: a web-standard `fetch` that every platform
 * can serve. Every call except the API's description and the session calls requires a caller that `authenticate` knows.
 */
export function guardedApi(
  engine: Engine,
  options: ManagementOptions,
  routes: readonly AddRoutes[],
): ManagementApp {
  const app: ManagementApp = new OpenAPIHono<ManagementVariables>({
    defaultHook: (result, c) => {
      if (result.success) return undefined;
      return answerRefusal(c, refuseInvalid(fieldProblems(result.error.issues)));
    },
  }).basePath(basePath);
  const recent = recentStats(engine);
  const context: ManagementContext = {
    engine,
    recent,
    healthOf: healthReader(engine, recent),
    sourceOf: sourceReader(engine),
    baseUrl: options.baseUrl ?? (() => engine.settings.baseUrl),
    stopping: options.stopping ?? new AbortController().signal,
  };
  guard(app, options, context.baseUrl);
  for (const addRoutes of routes) addRoutes(app, context);
  app.onError((thrown, c) => answerFailure(c, thrown, engine.log));
  app.notFound(answerUnknownPath);
  return app;
}

/** Runs before every route: response headers, authentication, supported methods, and the body limit. */
function guard(
  app: ManagementApp,
  {
    authenticate,
    sessions = null,
  }: Pick<ManagementOptions, 'authenticate'> & { readonly sessions?: PageSessions | null },
  baseUrl: () => string,
): void {
  app.use('*', async (c, next) => {
    await next();
    if (!c.res.headers.has('Cache-Control')) c.header('Cache-Control', 'no-store');
    c.header('X-Content-Type-Options', 'nosniff');
    c.header('Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'");
  });
  app.use('*', async (c, next) => {
    if (openPaths.has(c.req.path)) return next();
    const shown = shownBy(c, sessions, baseUrl());
    if (shown.outcome === 'refused') return answerRefusal(c, shown);
    const caller = await authenticate(shown.authorization ?? undefined);
    if (caller === null || 'formerly' in caller) {
      c.header('WWW-Authenticate', 'Bearer realm="management API"');
      return answerRefusal(
        c,
        caller === null ? refuse('unauthorized', unauthorized) : refuse('api-key-ended', caller.formerly),
      );
    }
    if (!mayCall(caller.role, c.req.method, c.req.path))
      return answerRefusal(c, refuse('forbidden', forbidden));
    c.set('actor', caller.name);
    c.set('role', caller.role);
    return next();
  });
  const methodsOf = allowedMethods(app);
  app.use('*', async (c, next) => {
    const allowed = methodsOf(c.req.path);
    return allowed.length === 0 || allowed.includes(c.req.method) ? next() : answerOtherMethod(c, allowed);
  });
  app.use(
    '*',
    bodyLimit({ maxSize: maxBodyBytes, onError: (c) => answerRefusal(c, refuse('too-large', tooLarge)) }),
  );
}

/** Paths open to everyone; the session routes check their callers themselves. */
const openPaths: ReadonlySet<string> = new Set([`${basePath}/openapi.json`, `${basePath}${sessionPath}`]);

const unauthorized = 'The token is missing or wrong. Send the header "Authorization: Bearer <token>".';
const forbidden = 'Only operators can do this. Viewers can read everything except secrets and API keys.';
const tooLarge = `The body is larger than ${maxBodyBytes / 1024 / 1024} MB.`;
