import { createRoute, z } from '@hono/zod-openapi';
import { linkAgent, unlinkAgent } from '../../core/connectors/link-agent.ts';
import { answerRefusal, json, refusals } from '../answers.ts';
import { linkBody, wireConnector } from '../contract/connector.ts';
import type { ManagementApp, ManagementContext } from '../management-context.ts';
import { connectorShower } from '../show-connector.ts';
import { connectorParams } from './connector-params.ts';

const params = connectorParams.extend({ name: z.string().meta({ description: 'Name of the agent.' }) });

/** Links of a connector: link, unlink. Both are idempotent. */
export function addLinkRoutes(app: ManagementApp, context: ManagementContext): void {
  const { engine } = context;
  const show = connectorShower(context);

  app.openapi(link, async (c) => {
    const { id, name } = c.req.valid('param');
    const { when } = linkBody.parse(c.req.valid('json'));
    const linked = await linkAgent(engine, c.var.actor, id, name, when);
    if (linked.outcome === 'refused') return answerRefusal(c, linked);
    return c.json(await show(linked.connector), 200);
  });

  app.openapi(unlink, async (c) => {
    const { id, name } = c.req.valid('param');
    const unlinked = await unlinkAgent(engine, c.var.actor, id, name);
    if (unlinked.outcome === 'refused') return answerRefusal(c, unlinked);
    return c.json(await show(unlinked.connector), 200);
  });
}

const link = createRoute({
  method: 'put',
  path: '/connectors/{id}/agents/{name}',
  operationId: 'linkAgent',
  tags: ['Connectors'],
  summary: 'Link an agent, or change the condition of its link',
  request: {
    params,
    body: { required: false, content: { 'application/json': { schema: linkBody } } },
  },
  responses: { 200: json(wireConnector, 'The connector with the link.'), ...refusals(404, 413, 415) },
});

const unlink = createRoute({
  method: 'delete',
  path: '/connectors/{id}/agents/{name}',
  operationId: 'unlinkAgent',
  tags: ['Connectors'],
  summary: 'Unlink an agent',
  request: { params },
  responses: { 200: json(wireConnector, 'The connector without the link.'), ...refusals(404) },
});
