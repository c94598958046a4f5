import { createRoute, z } from '@hono/zod-openapi';
import { type TryFilterOutcome, tryDraftFilter, tryFilter } from '../../core/filters/try-filter.ts';
import { answerRefusal, json, refusals } from '../answers.ts';
import { type TriedFilter, triedFilter, tryDraftFilterBody, tryFilterBody } from '../contract/connector.ts';
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
    return c.json(triedToWire(tried), 200);
  });

  app.openapi(tryOutDraft, async (c) => {
    const { mode, name, run_id: runId, ...given } = c.req.valid('json');
    const draft = { type: c.req.valid('param').name, mode, name };
    const tried = await tryDraftFilter(engine, draft, withoutUndefined({ ...given, runId }));
    if (tried.outcome === 'refused') return answerRefusal(c, tried);
    return c.json(triedToWire(tried), 200);
  });
}

function triedToWire({
  wanted,
  reason,
  agents,
}: Extract<TryFilterOutcome, { outcome: 'tried' }>): TriedFilter {
  return {
    wanted,
    reason,
    agents: agents.map((agent) => ({ name: agent.name, wanted: agent.wanted, reason: agent.reason })),
  };
}

const tryOut = createRoute({
  method: 'post',
  path: '/connectors/{id}/try-filter',
  operationId: 'tryFilter',
  tags: ['Connectors'],
  summary: 'Try conditions on a stored event, a run, or a payload',
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

const tryOutDraft = createRoute({
  method: 'post',
  path: '/connector-types/{name}/try-filter',
  operationId: 'tryDraftFilter',
  tags: ['Connectors'],
  summary: 'Try conditions before creating a connector',
  description:
    'Stores nothing and starts nothing. Give either `payload` or, for an outbound connector, `run_id`.',
  request: {
    params: z.object({ name: z.string().meta({ description: 'Name of the type.' }) }),
    body: { required: true, content: { 'application/json': { schema: tryDraftFilterBody } } },
  },
  responses: {
    200: json(triedFilter, 'Which agents want it, and why others do not.'),
    ...refusals(404, 409, 413, 415),
  },
});
