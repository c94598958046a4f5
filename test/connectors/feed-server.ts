import type { JsonObject } from '../../src/core/json/json-value.ts';
import { type LocalServer, serveLocally } from '../local-server.ts';

/** A source that is asked for what came after an event: it answers `{"events", "more"}` to `?after=<number>`. */
export interface Feed extends LocalServer {
  /** Numbered from 1 in this order. */
  readonly events: JsonObject[];
  /** What it was asked for, in order. */
  readonly asked: number[];
  /** Events in one answer. */
  pageSize: number;
  /** Status of its answers; 200 unless it is broken. */
  status: number;
  /** Called before and after each answer. */
  before: () => Promise<void>;
  after: () => void;
}

export async function startFeed(): Promise<Feed> {
  const feed = {
    events: [] as JsonObject[],
    asked: [] as number[],
    pageSize: 100,
    status: 200,
    before: async () => {},
    after: () => {},
  };
  const server = await serveLocally((request, response) => {
    const after = Number(new URL(request.url ?? '/', 'http://feed').searchParams.get('after'));
    feed.asked.push(after);
    void feed.before().then(() => {
      const events = feed.events.slice(after, after + feed.pageSize);
      const numbered = events.map((event, index) => ({ ...event, id: after + index + 1 }));
      const more = after + events.length < feed.events.length;
      response.writeHead(feed.status).end(JSON.stringify({ events: numbered, more }), () => feed.after());
    });
  });
  return Object.assign(feed, server);
}
