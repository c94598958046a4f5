import { createRoute, z } from '@hono/zod-openapi';
import { checkDraft } from '../../core/connectors/check-draft.ts';
import { answerRefusal, json, refusals } from '../answers.ts';
import { checkConnectorBody, checkedConnector, connectorTypeList } from '../contract/connector-type.ts';
import { shortListQuery } from '../contract/page.ts';
import type { ManagementApp, ManagementContext } from '../management-context.ts';
import { nextRunsToWire } from '../wire/connector-source.ts';
import { connectorTypeToWire } from '../wire/connector-type.ts';
import { shortPage } from '../wire/page.ts';

/** The marketplace: connector types and their forms, and checks of configurations. */
export function addConnectorTypeRoutes(app: ManagementApp, { engine }: ManagementContext): void {
  app.openapi(list, (c) => {
    const { items, next_cursor } = shortPage([...engine.types.values()], c.req.valid('query'));
    return c.json({ items: items.map(connectorTypeToWire), next_cursor }, 200);
  });

  app.openapi(check, async (c) => {
    const { mode, config, connection } = c.req.valid('json');
    const checked = await checkDraft(engine, c.req.valid('param').name, mode, config, connection);
    if (checked.outcome === 'refused') return answerRefusal(c, checked);
    const { planned } = checked;
    return c.json(
      { schedule: planned === null ? null : nextRunsToWire(planned.schedule, planned.ticks) },
      200,
    );
  });
}

const list = createRoute({
  method: 'get',
  path: '/connector-types',
  operationId: 'listConnectorTypes',
  tags: ['Connectors'],
  summary: 'List connector types with their modes, configuration schemas, and samples',
  request: { query: shortListQuery },
  responses: { 200: json(connectorTypeList, 'All types.'), ...refusals() },
});

const check = createRoute({
  method: 'post',
  path: '/connector-types/{name}/check',
  operationId: 'checkConnector',
  tags: ['Connectors'],
  summary: 'Check a configuration before creating a connector',
  description: 'Stores nothing. An invalid configuration gets the same errors as on creation.',
  request: {
    params: z.object({ name: z.string().meta({ description: 'Name of the type.' }) }),
    body: { required: true, content: { 'application/json': { schema: checkConnectorBody } } },
  },
  responses: {
    200: json(checkedConnector, 'The configuration is valid. This is what it would do.'),
    ...refusals(413, 415),
  },
});
