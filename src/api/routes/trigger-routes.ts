import { createRoute, z } from '@hono/zod-openapi';
import { listTriggers } from '../../core/triggers/list-triggers.ts';
import { sendThrough } from '../../core/triggers/send-through.ts';
import { showTrigger } from '../../core/triggers/show-trigger.ts';
import { answerRefusal, json, refusals } from '../answers.ts';
import {
  refusedRequestPage,
  refusedRequestQuery,
  sentThrough,
  triggerListQuery,
  triggerPage,
  wireTrigger,
} from '../contract/trigger.ts';
import type { ManagementApp, ManagementContext } from '../management-context.ts';
import { fromIso } from '../wire/iso-time.ts';
import { pageToWire } from '../wire/page.ts';
import {
  refusedRequestToWire,
  refusedTriggerToWire,
  triggerSummaryToWire,
  triggerToWire,
} from '../wire/trigger.ts';
import { withoutUndefined } from '../without-undefined.ts';

const params = z.object({ id: z.string().meta({ description: 'Trigger id.' }) });

/** Triggers: list, detail, send through. Requests that started no run: list. */
export function addTriggerRoutes(app: ManagementApp, { engine }: ManagementContext): void {
  app.openapi(show, async (c) => {
    const found = await showTrigger(engine, c.req.valid('param').id);
    if (found.outcome === 'refused') return answerRefusal(c, found);
    const isRefused = found.outcome === 'found-refused';
    return c.json(isRefused ? refusedTriggerToWire(found.request) : triggerToWire(found), 200);
  });

  app.openapi(list, async (c) => {
    const { limit, cursor, outcome, connector, from, to, q } = c.req.valid('query');
    const filters = withoutUndefined({
      outcome,
      connectorId: connector,
      from: fromIso(from),
      to: fromIso(to),
      search: q,
    });
    const page = await listTriggers(engine, { limit, cursor: cursor ?? null, ...filters });
    return c.json(pageToWire(page, triggerSummaryToWire), 200);
  });

  app.openapi(through, async (c) => {
    const sent = await sendThrough(engine, c.var.actor, c.req.valid('param').id);
    if (sent.outcome === 'refused') return answerRefusal(c, sent);
    return c.json({ run_ids: [...sent.runIds] }, 202);
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

const list = createRoute({
  method: 'get',
  path: '/triggers',
  operationId: 'listTriggers',
  tags,
  summary: 'List accepted and filtered events and refused requests, newest first',
  description:
    'Refused requests are those of the last day, as far as they were recorded. Runs that reran others are left out.',
  request: { query: triggerListQuery },
  responses: { 200: json(triggerPage, 'A page of triggers.'), ...refusals() },
});

const through = createRoute({
  method: 'post',
  path: '/triggers/{id}/send-through',
  operationId: 'sendThrough',
  tags,
  summary: 'Start the runs of a filtered event after all',
  description: 'Runs the agents that the event was for, if they are still linked. Works once.',
  request: { params },
  responses: { 202: json(sentThrough, 'The runs are queued.'), ...refusals(404, 409, 422) },
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
