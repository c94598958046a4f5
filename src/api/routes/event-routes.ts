import { createRoute, z } from '@hono/zod-openapi';
import { refusals } from '../answers.ts';
import { changeEvents } from '../change-events.ts';
import type { ManagementApp, ManagementContext } from '../management-context.ts';

/** Changes as they happen, as server-sent events. */
export function addEventRoutes(app: ManagementApp, { engine, stopping }: ManagementContext): void {
  app.openapi(
    watch,
    (c) =>
      new Response(
        changeEvents(engine.signals, stopping, () => c.env?.outgoing?.destroy()),
        {
          headers: { 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no' },
        },
      ),
  );
}

const watch = createRoute({
  method: 'get',
  path: '/events',
  operationId: 'watchEvents',
  tags: ['Operation'],
  summary: 'Watch runs, deliveries and connectors change',
  description:
    'Server-sent events `run.updated`, `delivery.updated` and `connector.updated`; the data of each is a `ChangeEvent`. ' +
    'Events of the time without a connection are not sent again: read the lists anew after connecting.',
  responses: {
    200: {
      description: 'Events without an end, and a comment every 15 seconds that keeps the connection open.',
      content: { 'text/event-stream': { schema: z.string() } },
    },
    ...refusals(),
  },
});
