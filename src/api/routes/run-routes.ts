import { createRoute, z } from '@hono/zod-openapi';
import { waitOf } from '../../core/control/wait-of.ts';
import { runNotFound } from '../../core/refusal.ts';
import { cancelRun } from '../../core/runs/cancel-run.ts';
import { rescheduleRun } from '../../core/runs/reschedule-run.ts';
import { runAgain } from '../../core/runs/run-again.ts';
import { isAmong, runsOfId } from '../../core/runs/runs-of-id.ts';
import { answerRefusal, json, refusals } from '../answers.ts';
import {
  cancelledRun,
  rescheduleBody,
  rescheduledRun,
  runAgainBody,
  runListQuery,
  runPage,
  startedRun,
  wireRun,
} from '../contract/run.ts';
import type { ManagementApp, ManagementContext } from '../management-context.ts';
import { payloadOfBody } from '../payload-of-body.ts';
import { fromIso, toIso } from '../wire/iso-time.ts';
import { pageToWire } from '../wire/page.ts';
import { runSummaryToWire, runToWire, whenOfWire } from '../wire/run.ts';
import { withoutUndefined } from '../without-undefined.ts';

const params = z.object({ id: z.string().meta({ description: 'Run id.' }) });

/** Runs: list, detail, cancel, run again. */
export function addRunRoutes(app: ManagementApp, { engine }: ManagementContext): void {
  app.openapi(listRuns, async (c) => {
    const { limit, cursor, status, agent, connector, model, min_duration_ms, from, to, q } =
      c.req.valid('query');
    const filters = withoutUndefined({
      statuses: status,
      agentName: agent,
      connectorId: connector,
      model,
      minDurationMs: min_duration_ms,
      from: fromIso(from),
      to: fromIso(to),
    });
    const ofId = q === undefined ? null : await runsOfId(engine, q.trim());
    if (ofId !== null) {
      const items = ofId.filter((run) => isAmong(run, filters)).map(runSummaryToWire);
      return c.json({ items, next_cursor: null }, 200);
    }
    const search = withoutUndefined({ search: q });
    const page = await engine.runs.list({ limit, cursor: cursor ?? null, ...filters, ...search });
    return c.json(pageToWire(page, runSummaryToWire), 200);
  });

  app.openapi(showRun, async (c) => {
    const { id } = c.req.valid('param');
    const run = await engine.runs.get(id);
    if (run === null) return answerRefusal(c, runNotFound(id));
    const [wait, trace, deliveries] = await Promise.all([
      waitOf(engine, run),
      engine.runs.trace(id),
      engine.deliveries.ofRun(id),
    ]);
    return c.json(runToWire(run, wait, trace, deliveries), 200);
  });

  app.openapi(cancel, async (c) => {
    const { id } = c.req.valid('param');
    const cancelled = await cancelRun(engine, c.var.actor, id);
    if (cancelled.outcome === 'refused') return answerRefusal(c, cancelled);
    return c.json({ run_id: id, status: cancelled.outcome }, 200);
  });

  app.openapi(reschedule, async (c) => {
    const { id } = c.req.valid('param');
    const changed = await rescheduleRun(engine, c.var.actor, id, whenOfWire(c.req.valid('json')));
    if (changed.outcome === 'refused') return answerRefusal(c, changed);
    return c.json({ run_id: id, scheduled_at: toIso(changed.scheduledAt) }, 200);
  });

  app.openapi(again, async (c) => {
    const changed = payloadOfBody(await c.req.text());
    const started = await runAgain(engine, c.var.actor, c.req.valid('param').id, changed);
    if (started.outcome === 'refused') return answerRefusal(c, started);
    return c.json({ run_id: started.runId }, 202);
  });
}

const listRuns = createRoute({
  method: 'get',
  path: '/runs',
  operationId: 'listRuns',
  tags: ['Runs'],
  summary: 'List runs, newest first',
  request: { query: runListQuery },
  responses: { 200: json(runPage, 'A page of runs.'), ...refusals() },
});

const showRun = createRoute({
  method: 'get',
  path: '/runs/{id}',
  operationId: 'showRun',
  tags: ['Runs'],
  summary: 'Show a run with its trace, log lines, and deliveries',
  request: { params },
  responses: { 200: json(wireRun, 'The run.'), ...refusals(404) },
});

const cancel = createRoute({
  method: 'post',
  path: '/runs/{id}/cancel',
  operationId: 'cancelRun',
  tags: ['Runs'],
  summary: 'Cancel a run that has not ended',
  request: { params },
  responses: { 200: json(cancelledRun, 'The run is cancelled or will end soon.'), ...refusals(404, 409) },
});

const reschedule = createRoute({
  method: 'patch',
  path: '/runs/{id}',
  operationId: 'rescheduleRun',
  tags: ['Runs'],
  summary: 'Change when a scheduled run is due, or start it now',
  request: {
    params,
    body: { required: true, content: { 'application/json': { schema: rescheduleBody } } },
  },
  responses: { 200: json(rescheduledRun, 'The run has its new time.'), ...refusals(404, 409, 413, 415) },
});

const again = createRoute({
  method: 'post',
  path: '/runs/{id}/run-again',
  operationId: 'runAgain',
  tags: ['Runs'],
  summary: 'Start a new run with the same payload, or with a changed one',
  description: 'Without a body, the new run has the same payload. The new run belongs to the same connector.',
  request: { params, body: { required: false, content: { 'application/json': { schema: runAgainBody } } } },
  responses: { 202: json(startedRun, 'The new run is queued.'), ...refusals(404, 409, 413, 415, 422, 429) },
});
