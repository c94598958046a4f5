import { createRoute } from '@hono/zod-openapi';
import { changeConnector } from '../../core/connectors/change-connector.ts';
import { createConnector } from '../../core/connectors/create-connector.ts';
import { deleteConnector } from '../../core/connectors/delete-connector.ts';
import { changePause, pausableConnector } from '../../core/control/pause.ts';
import { connectorNotFound } from '../../core/refusal.ts';
import { answerRefusal, json, refusals } from '../answers.ts';
import {
  changeConnectorBody,
  changedConnector,
  connectorListQuery,
  connectorPage,
  createConnectorBody,
  createdConnector,
  wireConnector,
} from '../contract/connector.ts';
import type { ManagementApp, ManagementContext } from '../management-context.ts';
import { pausePatch } from '../pause-patch.ts';
import { healthWhenCreated } from '../read-health.ts';
import { connectorShower } from '../show-connector.ts';
import { connectorToWire } from '../wire/connector.ts';
import { heldToWire } from '../wire/delivery.ts';
import { withoutUndefined } from '../without-undefined.ts';
import { connectorParams } from './connector-params.ts';

/** Connectors: create, list, detail, change, delete. */
export function addConnectorRoutes(app: ManagementApp, context: ManagementContext): void {
  const { engine, baseUrl } = context;
  const toWire = connectorShower(context);

  app.openapi(create, async (c) => {
    const { filter = null, delivery = 'automatic', ...draft } = c.req.valid('json');
    const created = await createConnector(engine, c.var.actor, { ...draft, filter, delivery });
    if (created.outcome === 'refused') return answerRefusal(c, created);
    const { connector, secret } = created;
    const wire = connectorToWire(connector, healthWhenCreated(connector), null, engine, baseUrl());
    return c.json({ ...wire, secret }, 201);
  });

  app.openapi(list, async (c) => {
    const { limit, cursor, type, mode } = c.req.valid('query');
    const filters = withoutUndefined({ type, mode });
    const [page, holds] = await Promise.all([
      engine.connectors.list({ limit, cursor: cursor ?? null, ...filters }),
      engine.holds.list(),
    ]);
    const items = await Promise.all(page.items.map((connector) => toWire(connector, holds)));
    return c.json({ items, next_cursor: page.nextCursor }, 200);
  });

  app.openapi(show, async (c) => {
    const { id } = c.req.valid('param');
    const connector = await engine.connectors.get(id);
    if (connector === null) return answerRefusal(c, connectorNotFound(id));
    return c.json(await toWire(connector), 200);
  });

  app.openapi(change, async (c) => {
    const { held_deliveries: heldDecision, paused, drain_per_minute: rate, ...fields } = c.req.valid('json');
    const patch = withoutUndefined({ ...fields, heldDecision });
    const { id } = c.req.valid('param');
    const changed = await changeConnector(engine, c.var.actor, id, patch);
    if (changed.outcome === 'refused') return answerRefusal(c, changed);
    const { connector } = changed;
    if (paused !== undefined || rate !== undefined) {
      const change = pausePatch({ paused, drain_per_minute: rate });
      const pausing = await changePause(engine, c.var.actor, pausableConnector(connector), change);
      if (pausing.outcome === 'refused') return answerRefusal(c, pausing);
    }
    const held = changed.held === null ? null : heldToWire(changed.held);
    const shown = await toWire((await engine.connectors.get(id)) ?? connector);
    return c.json({ ...shown, held_deliveries: held }, 200);
  });

  app.openapi(remove, async (c) => {
    const deleted = await deleteConnector(engine, c.var.actor, c.req.valid('param').id);
    if (deleted.outcome === 'refused') return answerRefusal(c, deleted);
    return c.body(null, 204);
  });
}

const tags = ['Connectors'];

const create = createRoute({
  method: 'post',
  path: '/connectors',
  operationId: 'createConnector',
  tags,
  summary: 'Create a connector',
  request: { body: { required: true, content: { 'application/json': { schema: createConnectorBody } } } },
  responses: { 201: json(createdConnector, 'The connector with its secret.'), ...refusals(409, 413, 415) },
});

const list = createRoute({
  method: 'get',
  path: '/connectors',
  operationId: 'listConnectors',
  tags,
  summary: 'List connectors, newest first',
  request: { query: connectorListQuery },
  responses: { 200: json(connectorPage, 'A page of connectors, without secrets.'), ...refusals() },
});

const show = createRoute({
  method: 'get',
  path: '/connectors/{id}',
  operationId: 'showConnector',
  tags,
  summary: 'Show a connector',
  request: { params: connectorParams },
  responses: { 200: json(wireConnector, 'The connector, without its secret.'), ...refusals(404) },
});

const change = createRoute({
  method: 'patch',
  path: '/connectors/{id}',
  operationId: 'changeConnector',
  tags,
  summary: 'Change a connector',
  description: 'Omitted fields keep their values.',
  request: {
    params: connectorParams,
    body: { required: false, content: { 'application/json': { schema: changeConnectorBody } } },
  },
  responses: { 200: json(changedConnector, 'The changed connector.'), ...refusals(404, 409, 413, 415) },
});

const remove = createRoute({
  method: 'delete',
  path: '/connectors/{id}',
  operationId: 'deleteConnector',
  tags,
  summary: 'Delete a connector',
  description:
    'Deletes its secrets, and cancels its pending and held deliveries and the runs that wait because it is paused. Other runs are kept.',
  request: { params: connectorParams },
  responses: { 204: { description: 'The connector is deleted.' }, ...refusals(404) },
});
