import { createRoute, z } from '@hono/zod-openapi';
import { refusals } from '../answers.ts';
import { changeEvents, latestEvents } from '../change-events.ts';
import type { ManagementApp, ManagementContext } from '../management-context.ts';

/** Changes as they happen, as server-sent events. */
export function addEventRoutes(app: ManagementApp, { engine, stopping }: ManagementContext): void {
  const { changes } = engine.signals;
  app.openapi(watch, async (c) => {
    const body =
      changes.kind === 'pushed'
        ? changeEvents(changes, stopping, () => c.env?.outgoing?.destroy())
        : await latestEvents(changes, c.req.header('last-event-id'));
    return new Response(body, { headers });
  });
}

const headers = { 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no' };

const watch = createRoute({
  method: 'get',
  path: '/events',
  operationId: 'watchEvents',
  tags: ['Operation'],
  summary: 'Watch runs, deliveries and connectors change',
  description:
    'Server-sent events `run.updated`, `delivery.updated` and `connector.updated`; the data of each is a `ChangeEvent`. ' +
    'Reconnect when the stream ends, after the time that `retry` says. Where events have an `id` (on AWS), each stream ends ' +
    'at once: send the last one as `Last-Event-ID`, and what changed meanwhile is told. Where they have none, read the ' +
    'lists anew after connecting.',
  responses: {
    200: {
      description:
        'Events, and a comment every 15 seconds that keeps the connection open; on AWS the events since `Last-Event-ID`.',
      content: { 'text/event-stream': { schema: z.string() } },
    },
    ...refusals(),
  },
});
