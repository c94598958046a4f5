import { createRoute } from '@hono/zod-openapi';
import * as z from 'zod';
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
  summary: 'Stream changes of runs, deliveries, and connectors',
  description:
    'Server-sent events `run.updated`, `delivery.updated`, and `connector.updated`, each with a `ChangeEvent` as data. ' +
    'When the stream ends, wait for the time in `retry`, then reconnect. On AWS, events have an `id` and each stream ends ' +
    'immediately: send the last id as `Last-Event-ID` to receive the changes since. The embedded engine sends no ids and ' +
    'does not replay missed events: refetch the lists after reconnecting.',
  responses: {
    200: {
      description:
        'Events, with a keep-alive comment every 15 seconds; on AWS, the events since `Last-Event-ID`.',
      content: { 'text/event-stream': { schema: z.string() } },
    },
    ...refusals(),
  },
});
