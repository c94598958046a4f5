import { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { getCookie } from 'hono/cookie';
import { sizeText } from '../core/byte-size.ts';
import { fieldProblems } from '../core/field-problem.ts';
import type { Engine } from '../core/ports/engine.ts';
import { type Refusal, refuse, refuseInvalid } from '../core/refusal.ts';
import { answerFailure, answerOtherMethod, answerUnknownPath } from './answer-failure.ts';
import { answerRefusal } from './answers.ts';
import { pageHeader, sessionPath } from './contract/page-header.ts';
import type { ManagementApp, ManagementContext, ManagementVariables } from './management-context.ts';
import { type Authenticate, mayCall } from './operators/caller.ts';
import type { PageSessions } from './operators/page-sessions.ts';
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
const tooLarge = `The body is larger than ${sizeText(maxBodyBytes)}.`;

/** The order of methods in `Allow`. */
const methodOrder = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];

interface Template {
  /** Segments that begin with a colon are parameters. */
  readonly segments: readonly string[];
  readonly methods: Set<string>;
}

/**
 * The methods that each path supports. As in OpenAPI, a path belongs to one route template, and templates without
 * parameters take precedence: `/deliveries/redeliver` is not a delivery, so it does not support GET.
 *
 * @returns the methods for a request's path; empty if the path does not exist
 */
function allowedMethods(app: ManagementApp): (path: string) => readonly string[] {
  let templates: readonly Template[] | undefined;
  return (path) => {
    // On the first request, when all routes have been added.
    templates ??= templatesOf(app);
    const segments = path.split('/');
    const owner = templates.find((template) => matches(template, segments));
    return methodOrder.filter((method) => owner?.methods.has(method));
  };
}

/** Templates with the fewest parameters first. */
function templatesOf({ routes }: ManagementApp): readonly Template[] {
  const templates = new Map<string, Template>();
  for (const { path, method } of routes) {
    if (method === middleware) continue;
    const template = templates.get(path) ?? { segments: path.split('/'), methods: new Set() };
    template.methods.add(method);
    if (method === 'GET') template.methods.add('HEAD');
    templates.set(path, template);
  }
  return [...templates.values()].sort((one, other) => countParameters(one) - countParameters(other));
}

/** Hono's method of handlers for all methods: middleware, which answers no path of its own. */
const middleware = 'ALL';

function matches({ segments }: Template, given: readonly string[]): boolean {
  return (
    segments.length === given.length &&
    segments.every((segment, index) =>
      segment.startsWith(':') ? given[index] !== '' : segment === given[index],
    )
  );
}

function countParameters({ segments }: Template): number {
  return segments.filter((segment) => segment.startsWith(':')).length;
}

/** The caller's credentials as in an `Authorization` header; `null` if there are none. */
export type Shown =
  | { readonly outcome: 'shown'; readonly authorization: string | null }
  | Refusal<'origin-not-allowed'>;

/**
 * A request's credentials: its own header, else the token of its cookie's session. Browsers send cookies automatically,
 * so the cookie counts only in requests of the dashboard itself.
 */
export function shownBy(c: Context, sessions: PageSessions | null, baseUrl: string): Shown {
  const authorization = c.req.header('authorization') ?? null;
  const cookie = sessions && cookieOf(c, sessions);
  if (authorization !== null || sessions === null || cookie === null)
    return { outcome: 'shown', authorization };
  const refused = refuseForeign(c, baseUrl);
  if (refused !== null) return refused;
  const token = sessions.tokenOf(cookie);
  return { outcome: 'shown', authorization: token === null ? null : `Bearer ${token}` };
}

/** The cookie of the dashboard's session; `null` if there is none. */
export function cookieOf(c: Context, { cookieName }: PageSessions): string | null {
  return getCookie(c, cookieName) ?? null;
}

/**
 * Refuses requests that a page of another site sends with our cookie. Such a page can send the header only after a
 * preflight (CORS), which the API never grants. `SameSite` alone is not enough: other ports of the host are the same
 * site.
 */
export function refuseForeign(c: Context, baseUrl: string): Refusal<'origin-not-allowed'> | null {
  const fetchSite = c.req.header('sec-fetch-site') ?? 'same-origin';
  const isOwn = c.req.header(pageHeader) === '1' && fetchSite === 'same-origin' && hasOwnOrigin(c, baseUrl);
  return isOwn ? null : refuse('origin-not-allowed', foreign);
}

const foreign =
  'This request has the session of the dashboard, but does not come from it. Behind a proxy, set BASE_URL to the public address.';

/** Browsers omit the origin when a page reads from its own server. */
function hasOwnOrigin(c: Context, baseUrl: string): boolean {
  const origin = c.req.header('origin');
  if (origin === undefined) return c.req.method === 'GET' || c.req.method === 'HEAD';
  const host = c.req.header('host');
  return URL.canParse(origin) && (new URL(origin).host === host || origin === new URL(baseUrl).origin);
}
