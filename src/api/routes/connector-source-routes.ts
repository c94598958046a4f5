import { createRoute } from '@hono/zod-openapi';
import { connectorNotFound } from '../../core/refusal.ts';
import { nextTicks, runNow } from '../../core/schedules/operate-schedule.ts';
import { answerRefusal, json, refusals } from '../answers.ts';
import {
  connectorEventListQuery,
  connectorEventPage,
  nextRuns,
  startedRuns,
  wireSourceState,
} from '../contract/connector-source.ts';
import type { ManagementApp, ManagementContext } from '../management-context.ts';
import { connectorEventToWire, nextRunsToWire, sourceStateToWire } from '../wire/connector-source.ts';
import { pageToWire } from '../wire/page.ts';
import { connectorParams } from './connector-params.ts';

/** A connector's source: its schedule, its state, and its history. */
export function addConnectorSourceRoutes(app: ManagementApp, { engine, sourceOf }: ManagementContext): void {
  app.openapi(showNextRuns, async (c) => {
    const found = await nextTicks(engine, c.req.valid('param').id);
    if (found.outcome === 'refused') return answerRefusal(c, found);
    return c.json(nextRunsToWire(found.schedule, found.ticks), 200);
  });

  app.openapi(fireNow, async (c) => {
    const started = await runNow(engine, c.var.actor, c.req.valid('param').id);
    if (started.outcome === 'refused') return answerRefusal(c, started);
    return c.json({ run_ids: [...started.runIds], filtered: started.filtered }, 202);
  });

  app.openapi(showState, async (c) => {
    const { id } = c.req.valid('param');
    const connector = await engine.connectors.get(id);
    if (connector === null) return answerRefusal(c, connectorNotFound(id));
    return c.json(sourceStateToWire(await sourceOf(connector)), 200);
  });

  app.openapi(listHistory, async (c) => {
    const { limit, cursor } = c.req.valid('query');
    const page = await engine.history.list(c.req.valid('param').id, { limit, cursor: cursor ?? null });
    return c.json(pageToWire(page, connectorEventToWire), 200);
  });
}

const tags = ['Connectors'];
const request = { params: connectorParams };

const showNextRuns = createRoute({
  method: 'get',
  path: '/connectors/{id}/next-runs',
  operationId: 'showNextRuns',
  tags,
  summary: 'Show the next five ticks of a schedule',
  request,
  responses: { 200: json(nextRuns, 'The next ticks.'), ...refusals(404, 409) },
});

const fireNow = createRoute({
  method: 'post',
  path: '/connectors/{id}/run-now',
  operationId: 'runNow',
  tags,
  summary: 'Fire a schedule now',
  description: 'Ignores the overlap policy. Every call starts new runs.',
  request,
  responses: { 202: json(startedRuns, 'The runs are queued.'), ...refusals(404, 409, 422, 429) },
});

const showState = createRoute({
  method: 'get',
  path: '/connectors/{id}/state',
  operationId: 'showConnectorState',
  tags,
  summary: "Show the status, lag, and last error of a connector's source",
  request,
  responses: { 200: json(wireSourceState, 'The current state.'), ...refusals(404) },
});

const listHistory = createRoute({
  method: 'get',
  path: '/connectors/{id}/history',
  operationId: 'listConnectorHistory',
  tags,
  summary: 'List what happened to a connector, other than events and deliveries, newest first',
  description:
    'Missed and skipped ticks, source failures, errors of conditions, dropped results, and why the system disabled the connector. Entries are kept as long as runs are, even after the connector is deleted.',
  request: { ...request, query: connectorEventListQuery },
  responses: { 200: json(connectorEventPage, 'A page of events.'), ...refusals() },
});
