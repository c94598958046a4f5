import { createRoute } from '@hono/zod-openapi';
import { tryFilter } from '../../core/filters/try-filter.ts';
import { answerRefusal, json, refusals } from '../answers.ts';
import { triedFilter, tryFilterBody } from '../contract/connector.ts';
import type { ManagementApp, ManagementContext } from '../management-context.ts';
import { withoutUndefined } from '../without-undefined.ts';
import { connectorParams } from './connector-params.ts';

/** Conditions of connectors and links: try them out. */
export function addFilterRoutes(app: ManagementApp, { engine }: ManagementContext): void {
  app.openapi(tryOut, async (c) => {
    const { trigger_id: triggerId, run_id: runId, ...given } = c.req.valid('json');
    const trial = withoutUndefined({ ...given, triggerId, runId });
    const tried = await tryFilter(engine, c.req.valid('param').id, trial);
    if (tried.outcome === 'refused') return answerRefusal(c, tried);
    const agents = tried.agents.map(({ name, wanted, reason }) => ({ name, wanted, reason }));
    return c.json({ wanted: tried.wanted, reason: tried.reason, agents }, 200);
  });
}

const tryOut = createRoute({
  method: 'post',
  path: '/connectors/{id}/try-filter',
  operationId: 'tryFilter',
  tags: ['Connectors'],
  summary: 'Try conditions out on a stored event, a run, or a payload',
  description: 'Stores nothing and starts nothing.',
  request: {
    params: connectorParams,
    body: { required: true, content: { 'application/json': { schema: tryFilterBody } } },
  },
  responses: {
    200: json(triedFilter, 'Which agents want it, and why others do not.'),
    ...refusals(404, 409, 413, 415),
  },
});
