import { createRoute, z } from '@hono/zod-openapi';
import { showTrigger } from '../../core/triggers/show-trigger.ts';
import { answerRefusal, json, refusals } from '../answers.ts';
import { refusedRequestPage, refusedRequestQuery, wireTrigger } from '../contract/trigger.ts';
import type { ManagementApp, ManagementContext } from '../management-context.ts';
import { pageToWire } from '../wire/page.ts';
import { refusedRequestToWire, triggerToWire } from '../wire/trigger.ts';
import { withoutUndefined } from '../without-undefined.ts';

const params = z.object({ id: z.string().meta({ description: 'Trigger id.' }) });

/** Triggers: detail. Requests that started no run: list. */
export function addTriggerRoutes(app: ManagementApp, { engine }: ManagementContext): void {
  app.openapi(show, async (c) => {
    const found = await showTrigger(engine, c.req.valid('param').id);
    if (found.outcome === 'refused') return answerRefusal(c, found);
    const { trigger, first, runs, repeats } = found;
    return c.json(triggerToWire(trigger, first, runs, repeats), 200);
  });

  app.openapi(listRefused, async (c) => {
    const { limit, cursor, connector } = c.req.valid('query');
    const request = { limit, cursor: cursor ?? null, now: engine.clock() };
    const page = await engine.refusedRequests.list({
      ...request,
      ...withoutUndefined({ connectorId: connector }),
    });
    return c.json(pageToWire(page, refusedRequestToWire), 200);
  });
}

const tags = ['Triggers'];

const show = createRoute({
  method: 'get',
  path: '/triggers/{id}',
  operationId: 'showTrigger',
  tags,
  summary: 'Show a trigger with its request and its runs',
  request: { params },
  responses: { 200: json(wireTrigger, 'The trigger.'), ...refusals(404) },
});

const listRefused = createRoute({
  method: 'get',
  path: '/refused-requests',
  operationId: 'listRefusedRequests',
  tags,
  summary: 'List requests that started no run, newest first',
  description:
    'Refused requests and repeats of the last day. Each process records at most 5 per minute of one connector, and 20 per minute with one status.',
  request: { query: refusedRequestQuery },
  responses: { 200: json(refusedRequestPage, 'A page of refused requests.'), ...refusals() },
});
