import { json } from 'node:stream/consumers';
import * as z from 'zod';
import { type LocalServer, serveLocally } from '../local-server.ts';

const post = z.looseObject({ channel: z.string(), text: z.string(), thread_ts: z.string().optional() });
export type SlackPost = z.infer<typeof post>;

/** Slack's Web API, as far as the product uses it, as docs.slack.dev describes it. */
export interface SlackServer extends LocalServer {
  readonly apiUrl: string;
  readonly botToken: string;
  readonly posts: SlackPost[];
  /** Scopes of the token. */
  scopes: string;
  /** Called before each post: what to answer instead of taking it. */
  refuse: (post: SlackPost) => SlackRefusal | null;
}

export interface SlackRefusal {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly error: string;
}

export const sharedText = 'name,amount\nAda,12\n';

/** @param botToken the only one that it knows */
export async function startSlackServer(botToken: string): Promise<SlackServer> {
  const slack = {
    botToken,
    posts: [] as SlackPost[],
    scopes: 'app_mentions:read,chat:write,files:read',
    refuse: (_post: SlackPost): SlackRefusal | null => null,
  };
  const server = await serveLocally(async (request, response) => {
    const answer = (status: number, body: unknown, headers: Record<string, string> = {}) =>
      response
        .writeHead(status, { 'content-type': 'application/json', ...headers })
        .end(JSON.stringify(body));
    const isKnown = request.headers.authorization === `Bearer ${botToken}`;
    if (request.url?.startsWith('/files/')) {
      if (!isKnown) return response.writeHead(302, { location: '/login' }).end();
      return response.writeHead(200, { 'content-type': 'text/csv' }).end(sharedText);
    }
    if (!isKnown) return answer(200, { ok: false, error: 'invalid_auth' });
    if (request.url === '/api/auth.test') {
      const identity = {
        ok: true,
        user: 'agent',
        team: 'Acme',
        user_id: 'U0000000BOT',
        team_id: 'T0000000001',
      };
      return answer(200, identity, { 'x-oauth-scopes': slack.scopes });
    }
    const sent = post.parse(await json(request));
    const refused = slack.refuse(sent);
    if (refused !== null) {
      return answer(refused.status, { ok: false, error: refused.error }, { ...refused.headers });
    }
    slack.posts.push(sent);
    return answer(200, { ok: true, channel: sent.channel, ts: `${slack.posts.length}.0` });
  });
  return Object.assign(slack, server, { apiUrl: `${server.url}/api` });
}
