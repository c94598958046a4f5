import { createRoute, z } from '@hono/zod-openapi';
import { dropDelivery, dropMany } from '../../core/deliveries/drop-deliveries.ts';
import { redeliver, redeliverMany } from '../../core/deliveries/redeliver.ts';
import { showDelivery } from '../../core/deliveries/show-delivery.ts';
import { answerRefusal, json, refusals } from '../answers.ts';
import {
  deliveryListQuery,
  deliveryPage,
  dropManyBody,
  dropped,
  heldDeliveries,
  heldDeliveriesQuery,
  redelivered,
  redeliverManyBody,
  wireDelivery,
  wireShownDelivery,
} from '../contract/delivery.ts';
import type { ManagementApp, ManagementContext } from '../management-context.ts';
import { deliveryToWire, heldToWire, shownDeliveryToWire } from '../wire/delivery.ts';
import { fromIso } from '../wire/iso-time.ts';
import { pageToWire } from '../wire/page.ts';
import { withoutUndefined } from '../without-undefined.ts';

const params = z.object({ id: z.string().meta({ description: 'Delivery id.' }) });

/** Deliveries: list, detail, redeliver or drop one or many. */
export function addDeliveryRoutes(app: ManagementApp, { engine }: ManagementContext): void {
  app.openapi(list, async (c) => {
    const { limit, cursor, status, connector, run, from, to } = c.req.valid('query');
    const filters = { status, connectorId: connector, runId: run, from: fromIso(from), to: fromIso(to) };
    const request = { limit, cursor: cursor ?? null, ...withoutUndefined(filters) };
    return c.json(pageToWire(await engine.deliveries.list(request), deliveryToWire), 200);
  });

  app.openapi(held, async (c) => {
    return c.json(heldToWire(await engine.deliveries.countHeld(c.req.valid('query').connector)), 200);
  });

  app.openapi(show, async (c) => {
    const { id } = c.req.valid('param');
    const found = await showDelivery(engine, id);
    if (found.outcome === 'refused') return answerRefusal(c, found);
    return c.json(shownDeliveryToWire(found.delivery, found.message), 200);
  });

  app.openapi(redeliverOne, async (c) => {
    const again = await redeliver(engine, c.var.actor, c.req.valid('param').id);
    if (again.outcome === 'refused') return answerRefusal(c, again);
    return c.json(deliveryToWire(again.delivery), 202);
  });

  app.openapi(redeliverAll, async (c) => {
    const { connector, status, from, to } = redeliverManyBody.parse(c.req.valid('json'));
    const filters = { connectorId: connector, from: fromIso(from), to: fromIso(to) };
    return c.json(await redeliverMany(engine, c.var.actor, { status, ...withoutUndefined(filters) }), 202);
  });

  app.openapi(dropOne, async (c) => {
    const dropped = await dropDelivery(engine, c.var.actor, c.req.valid('param').id);
    if (dropped.outcome === 'refused') return answerRefusal(c, dropped);
    return c.json(deliveryToWire(dropped.delivery), 200);
  });

  app.openapi(dropAll, async (c) => {
    const { connector, from, to } = dropManyBody.parse(c.req.valid('json'));
    const filters = { connectorId: connector, from: fromIso(from), to: fromIso(to) };
    return c.json(await dropMany(engine, c.var.actor, withoutUndefined(filters)), 200);
  });
}

const tags = ['Deliveries'];

const list = createRoute({
  method: 'get',
  path: '/deliveries',
  operationId: 'listDeliveries',
  tags,
  summary: 'List deliveries, newest first',
  request: { query: deliveryListQuery },
  responses: { 200: json(deliveryPage, 'A page of deliveries with their attempts.'), ...refusals() },
});

const show = createRoute({
  method: 'get',
  path: '/deliveries/{id}',
  operationId: 'showDelivery',
  tags,
  summary: 'Show a delivery with its message and its attempts',
  request: { params },
  responses: { 200: json(wireShownDelivery, 'The delivery.'), ...refusals(404) },
});

const redeliverOne = createRoute({
  method: 'post',
  path: '/deliveries/{id}/redeliver',
  operationId: 'redeliver',
  tags,
  summary: 'Redeliver a delivery',
  description: 'Works for deliveries that have ended, are held, or wait for their next attempt.',
  request: { params },
  responses: { 202: json(wireDelivery, 'The delivery is due now.'), ...refusals(404, 409) },
});

const redeliverAll = createRoute({
  method: 'post',
  path: '/deliveries/redeliver',
  operationId: 'redeliverMany',
  tags,
  summary: 'Redeliver many deliveries',
  description:
    'Redelivers everything that matches; without a body, all failed deliveries. At most 1,000 per call.',
  request: { body: { required: false, content: { 'application/json': { schema: redeliverManyBody } } } },
  responses: { 202: json(redelivered, 'The deliveries are due now.'), ...refusals(415) },
});

const held = createRoute({
  method: 'get',
  path: '/deliveries/held',
  operationId: 'countHeldDeliveries',
  tags,
  summary: 'Count held deliveries',
  request: { query: heldDeliveriesQuery },
  responses: { 200: json(heldDeliveries, 'The number for one connector or for all.'), ...refusals() },
});

const dropOne = createRoute({
  method: 'post',
  path: '/deliveries/{id}/drop',
  operationId: 'dropDelivery',
  tags,
  summary: 'Cancel a held delivery',
  request: { params },
  responses: { 200: json(wireDelivery, 'The delivery is cancelled.'), ...refusals(404, 409) },
});

const dropAll = createRoute({
  method: 'post',
  path: '/deliveries/drop',
  operationId: 'dropMany',
  tags,
  summary: 'Cancel many held deliveries',
  description:
    'Cancels every held delivery that matches; without a body, all of them. At most 1,000 per call.',
  request: { body: { required: false, content: { 'application/json': { schema: dropManyBody } } } },
  responses: { 200: json(dropped, 'The deliveries are cancelled.'), ...refusals(415) },
});
