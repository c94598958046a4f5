import { createRoute } from '@hono/zod-openapi';
import { applyConnectors } from '../../core/code/apply-connectors.ts';
import { planConnectors } from '../../core/code/plan-connectors.ts';
import { answerRefusal, json, refusals } from '../answers.ts';
import {
  appliedConnectors,
  applyConnectorsBody,
  connectorPlan,
  planConnectorsBody,
} from '../contract/connectors-as-code.ts';
import type { ManagementApp, ManagementContext } from '../management-context.ts';
import { planToWire } from '../wire/connector.ts';

/** Connectors as code: plan, apply. */
export function addConnectorsAsCodeRoutes(app: ManagementApp, { engine }: ManagementContext): void {
  app.openapi(plan, async (c) => {
    const planned = await planConnectors(engine, c.req.valid('json').connectors);
    if (planned.outcome === 'refused') return answerRefusal(c, planned);
    return c.json(planToWire(planned.plan), 200);
  });

  app.openapi(apply, async (c) => {
    const { connectors, digest } = c.req.valid('json');
    const applied = await applyConnectors(engine, c.var.actor, connectors, digest);
    if (applied.outcome === 'refused') return answerRefusal(c, applied);
    const created = [...applied.created].map(([key, id]) => ({ key, connector_id: id }));
    return c.json({ ...planToWire(applied.plan), created }, 200);
  });
}

const tags = ['Connectors'];

const plan = createRoute({
  method: 'post',
  path: '/connectors-as-code/plan',
  operationId: 'planConnectors',
  tags,
  summary: 'Compare the connectors that files describe with those that exist',
  description:
    'Changes nothing. Connectors that were created by hand and have no description stay as they are.',
  request: { body: { required: true, content: { 'application/json': { schema: planConnectorsBody } } } },
  responses: { 200: json(connectorPlan, 'What applying them would do.'), ...refusals(413, 415) },
});

const apply = createRoute({
  method: 'post',
  path: '/connectors-as-code/apply',
  operationId: 'applyConnectors',
  tags,
  summary: 'Apply the connectors that files describe',
  description: 'Makes all changes or none. A second call changes nothing.',
  request: { body: { required: true, content: { 'application/json': { schema: applyConnectorsBody } } } },
  responses: { 200: json(appliedConnectors, 'What was done.'), ...refusals(409, 413, 415) },
});
