import { createRoute, z } from '@hono/zod-openapi';
import { changeConnection } from '../../core/connections/change-connection.ts';
import { createConnection } from '../../core/connections/create-connection.ts';
import { deleteConnection } from '../../core/connections/delete-connection.ts';
import type { NamedConnection } from '../../core/connections/named-connection.ts';
import {
  type TestedConnection,
  testConnection,
  testConnectionDraft,
} from '../../core/connections/test-connection.ts';
import { connectionNotFound } from '../../core/refusal.ts';
import { answerRefusal, json, refusals } from '../answers.ts';
import {
  type ConnectionTest,
  changeConnectionBody,
  connectionListQuery,
  connectionPage,
  connectionTest,
  connectionTypeList,
  createConnectionBody,
  testConnectionDraftBody,
  wireConnection,
} from '../contract/connection.ts';
import { shortListQuery } from '../contract/page.ts';
import type { ManagementApp, ManagementContext } from '../management-context.ts';
import { connectionToWire, connectionTypesToWire } from '../wire/connection.ts';
import { shortPage } from '../wire/page.ts';
import { withoutUndefined } from '../without-undefined.ts';

/** Connections: credentials that are stored once for many connectors. */
export function addConnectionRoutes(app: ManagementApp, { engine }: ManagementContext): void {
  const toWire = async (connection: NamedConnection) =>
    connectionToWire(connection, await engine.connectors.using(connection.id));

  app.openapi(types, (c) =>
    c.json(shortPage(connectionTypesToWire(engine.types), c.req.valid('query')), 200),
  );

  app.openapi(list, async (c) => {
    const { limit, cursor, type: kind } = c.req.valid('query');
    const page = await engine.connections.list({
      limit,
      cursor: cursor ?? null,
      ...withoutUndefined({ kind }),
    });
    const items = await Promise.all(page.items.map(toWire));
    return c.json({ items, next_cursor: page.nextCursor }, 200);
  });

  app.openapi(create, async (c) => {
    const { name, type: kind, config } = c.req.valid('json');
    const created = await createConnection(engine, c.var.actor, { name, kind, config });
    if (created.outcome === 'refused') return answerRefusal(c, created);
    return c.json(connectionToWire(created.connection, []), 201);
  });

  app.openapi(show, async (c) => {
    const { id } = c.req.valid('param');
    const opened = await engine.connections.get(id);
    if (opened === null) return answerRefusal(c, connectionNotFound(id));
    return c.json(await toWire(opened.connection), 200);
  });

  app.openapi(change, async (c) => {
    const patch = withoutUndefined(c.req.valid('json'));
    const changed = await changeConnection(engine, c.var.actor, c.req.valid('param').id, patch);
    if (changed.outcome === 'refused') return answerRefusal(c, changed);
    return c.json(await toWire(changed.connection), 200);
  });

  app.openapi(remove, async (c) => {
    const deleted = await deleteConnection(engine, c.var.actor, c.req.valid('param').id);
    if (deleted.outcome === 'refused') return answerRefusal(c, deleted);
    return c.body(null, 204);
  });

  app.openapi(test, async (c) => {
    const tested = await testConnection(engine, c.var.actor, c.req.valid('param').id, c.req.raw.signal);
    if (tested.outcome === 'refused') return answerRefusal(c, tested);
    return c.json(testToWire(tested), 200);
  });

  app.openapi(testOfDraft, async (c) => {
    const { config } = c.req.valid('json');
    const kind = c.req.valid('param').name;
    const tested = await testConnectionDraft(engine, c.var.actor, kind, config, c.req.raw.signal);
    if (tested.outcome === 'refused') return answerRefusal(c, tested);
    return c.json(testToWire(tested), 200);
  });
}

function testToWire({ probed, durationMs }: TestedConnection): ConnectionTest {
  const common = { ok: probed.outcome === 'reached', duration_ms: durationMs };
  return probed.outcome === 'reached'
    ? { ...common, detail: probed.detail, error: null }
    : { ...common, detail: null, error: probed.error };
}

const tags = ['Connections'];
const params = z.object({ id: z.string().meta({ description: 'Id of the connection.' }) });

const types = createRoute({
  method: 'get',
  path: '/connection-types',
  operationId: 'listConnectionTypes',
  tags,
  summary: 'List types of connections with their configuration schemas and samples',
  request: { query: shortListQuery },
  responses: { 200: json(connectionTypeList, 'All types.'), ...refusals() },
});

const list = createRoute({
  method: 'get',
  path: '/connections',
  operationId: 'listConnections',
  tags,
  summary: 'List connections, newest first',
  request: { query: connectionListQuery },
  responses: { 200: json(connectionPage, 'A page of connections, without secrets.'), ...refusals() },
});

const create = createRoute({
  method: 'post',
  path: '/connections',
  operationId: 'createConnection',
  tags,
  summary: 'Create a connection',
  description: 'Connectors use it by its name, in their field `connection`.',
  request: { body: { required: true, content: { 'application/json': { schema: createConnectionBody } } } },
  responses: { 201: json(wireConnection, 'The connection.'), ...refusals(409, 413, 415) },
});

const show = createRoute({
  method: 'get',
  path: '/connections/{id}',
  operationId: 'showConnection',
  tags,
  summary: 'Show a connection',
  request: { params },
  responses: { 200: json(wireConnection, 'The connection, without its secrets.'), ...refusals(404) },
});

const change = createRoute({
  method: 'patch',
  path: '/connections/{id}',
  operationId: 'changeConnection',
  tags,
  summary: 'Change a connection and all connectors that use it',
  description:
    'The change is checked for each of its connectors first, and refused as a whole if one of them could not work with it.',
  request: {
    params,
    body: { required: false, content: { 'application/json': { schema: changeConnectionBody } } },
  },
  responses: { 200: json(wireConnection, 'The changed connection.'), ...refusals(404, 409, 413, 415) },
});

const remove = createRoute({
  method: 'delete',
  path: '/connections/{id}',
  operationId: 'deleteConnection',
  tags,
  summary: 'Delete a connection that no connector uses',
  request: { params },
  responses: { 204: { description: 'The connection is deleted.' }, ...refusals(404, 409) },
});

const test = createRoute({
  method: 'post',
  path: '/connections/{id}/test',
  operationId: 'testConnection',
  tags,
  summary: 'Test whether the credentials of a connection are accepted',
  description: 'Only an entry in the audit log is stored.',
  request: { params },
  responses: { 200: json(connectionTest, 'How it went.'), ...refusals(404, 409) },
});

const testOfDraft = createRoute({
  method: 'post',
  path: '/connection-types/{name}/test',
  operationId: 'testConnectionDraft',
  tags,
  summary: 'Test credentials before creating a connection',
  description: 'Only an entry in the audit log is stored, and the response repeats none of the given values.',
  request: {
    params: z.object({ name: z.string().meta({ description: 'Name of the type.' }) }),
    body: { required: true, content: { 'application/json': { schema: testConnectionDraftBody } } },
  },
  responses: { 200: json(connectionTest, 'How it went.'), ...refusals(409, 413, 415) },
});
