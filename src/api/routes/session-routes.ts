import { createRoute } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { deleteCookie, setCookie } from 'hono/cookie';
import { recordAction } from '../../core/operators/record-action.ts';
import { refuse } from '../../core/refusal.ts';
import { answerRefusal, json, refusals } from '../answers.ts';
import { sessionPath } from '../contract/page-header.ts';
import { pageSession, signInLink, startSessionBody } from '../contract/page-session.ts';
import { cookieOf, refuseForeign, shownBy } from '../guarded-api.ts';
import type { ManagementApp, ManagementContext } from '../management-context.ts';
import { type Authenticate, bearerToken, type Caller } from '../operators/caller.ts';
import type { PageSessions } from '../operators/page-sessions.ts';
import { toIso } from '../wire/iso-time.ts';

/** Sessions of the dashboard: show who is signed in, sign in by token or link, sign out, create links. */
export function addSessionRoutes(sessions: PageSessions, authenticate: Authenticate) {
  return (app: ManagementApp, { engine, baseUrl }: ManagementContext): void => {
    const known = async (authorization: string | null): Promise<Caller | null> => {
      const caller = await authenticate(authorization ?? undefined);
      return caller === null || 'formerly' in caller ? null : caller;
    };
    const record = (actor: string, action: string) => recordAction(engine, actor, action, 'dashboard');

    app.openapi(show, async (c) => {
      const shown = shownBy(c, sessions, baseUrl());
      if (shown.outcome === 'refused') return answerRefusal(c, shown);
      return c.json({ caller: await known(shown.authorization) }, 200);
    });

    app.openapi(start, async (c) => {
      const foreign = refuseForeign(c, baseUrl());
      if (foreign !== null) return answerRefusal(c, foreign);
      const { code } = c.req.valid('json') ?? {};
      const token = code === undefined ? bearerToken(c.req.header('authorization')) : sessions.redeem(code);
      const caller = token === null ? null : await known(`Bearer ${token}`);
      if (token === null || caller === null)
        return answerRefusal(c, refuse('unauthorized', code === undefined ? wrongToken : usedLink));
      giveCookie(c, await sessions.start(token), baseUrl());
      await record(caller.name, 'session.started');
      return c.json({ caller }, 200);
    });

    app.openapi(end, async (c) => {
      const foreign = refuseForeign(c, baseUrl());
      if (foreign !== null) return answerRefusal(c, foreign);
      const cookie = cookieOf(c, sessions);
      const token = cookie === null ? null : sessions.tokenOf(cookie);
      if (cookie !== null) await sessions.end(cookie);
      const caller = token === null ? null : await known(`Bearer ${token}`);
      if (caller !== null) await record(caller.name, 'session.ended');
      deleteCookie(c, sessions.cookieName, { path: cookiePath });
      return c.body(null, 204);
    });

    app.openapi(makeLink, async (c) => {
      const shown = shownBy(c, sessions, baseUrl());
      const token = shown.outcome === 'refused' ? null : bearerToken(shown.authorization ?? undefined);
      if (token === null) return answerRefusal(c, refuse('unauthorized', wrongToken));
      const { path, expiresAt } = sessions.makeLink(token);
      await record(c.var.actor, 'sign-in-link.created');
      return c.json({ path, expires_at: toIso(expiresAt) }, 201);
    });
  };

  function giveCookie(c: Context, value: string, baseUrl: string): void {
    setCookie(c, sessions.cookieName, value, {
      path: cookiePath,
      httpOnly: true,
      sameSite: 'Strict',
      secure: baseUrl.startsWith('https:'),
      maxAge: sessions.lastsSeconds,
    });
  }
}

/** Keeps the cookie out of requests to webhooks. */
const cookiePath = '/api/v1';

const wrongToken = 'This token is not valid.';
const usedLink =
  'This sign-in link has expired or was already used. Get another one with "npx connectors dashboard".';

const tags = ['Operation'];

const show = createRoute({
  method: 'get',
  path: sessionPath,
  security: [],
  operationId: 'showSession',
  tags,
  summary: 'Show who is signed in to the dashboard',
  responses: { 200: json(pageSession, 'The caller; `null` if nobody is signed in.'), ...refusals() },
});

const start = createRoute({
  method: 'post',
  path: sessionPath,
  security: [],
  operationId: 'startSession',
  tags,
  summary: 'Sign in to the dashboard',
  description: 'For the dashboard itself, with a token or the code of a sign-in link. Sets a cookie.',
  request: {
    body: { required: false, content: { 'application/json': { schema: startSessionBody } } },
  },
  responses: { 200: json(pageSession, 'Who is signed in.'), ...refusals(413, 415) },
});

const end = createRoute({
  method: 'delete',
  path: sessionPath,
  security: [],
  operationId: 'endSession',
  tags,
  summary: 'Sign out of the dashboard',
  responses: { 204: { description: 'The session has ended.' }, ...refusals() },
});

const makeLink = createRoute({
  method: 'post',
  path: '/sign-in-links',
  operationId: 'createSignInLink',
  tags,
  summary: 'Create a link that opens the dashboard signed in',
  description: 'The link works once, within 15 minutes, and signs in the caller.',
  responses: { 201: json(signInLink, 'The link.'), ...refusals() },
});
