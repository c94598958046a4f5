import { createRoute } from '@hono/zod-openapi';
import { json, refusals } from '../answers.ts';
import { connectorTypeList } from '../contract/connector-type.ts';
import type { ManagementApp, ManagementContext } from '../management-context.ts';
import { connectorTypeToWire } from '../wire/connector-type.ts';

/** The marketplace: what types of connectors there are, and what their forms look like. */
export function addConnectorTypeRoutes(app: ManagementApp, { engine }: ManagementContext): void {
  app.openapi(list, (c) => {
    const items = [...engine.types.values()].map(connectorTypeToWire);
    return c.json({ items, next_cursor: null }, 200);
  });
}

const list = createRoute({
  method: 'get',
  path: '/connector-types',
  operationId: 'listConnectorTypes',
  tags: ['Connectors'],
  summary: 'List connector types with their modes, configuration schemas and samples',
  responses: { 200: json(connectorTypeList, 'All types.'), ...refusals() },
});
