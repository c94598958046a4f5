import { createRoute, z } from '@hono/zod-openapi';
import type { Connector } from '../../core/connectors/connector.ts';
import { connectorsByAgent } from '../../core/connectors/connectors-by-agent.ts';
import type { Hold } from '../../core/control/hold.ts';
import { pausableAgent } from '../../core/control/pause.ts';
import { readPause } from '../../core/control/read-pause.ts';
import { Payload } from '../../core/json/json-value.ts';
import type { AgentSummary } from '../../core/ports/agent-catalog.ts';
import type { RunStats } from '../../core/ports/run-store.ts';
import { agentNotFound } from '../../core/refusal.ts';
import { startRun } from '../../core/runs/start-run.ts';
import { answerRefusal, json, refusals } from '../answers.ts';
import { agentList, wireAgent } from '../contract/agent.ts';
import { shortListQuery } from '../contract/page.ts';
import { startedRun, startRunBody } from '../contract/run.ts';
import type { ManagementApp, ManagementContext } from '../management-context.ts';
import { payloadOfBody } from '../payload-of-body.ts';
import { recentPeriodMs } from '../recent-stats.ts';
import { agentToWire, linkedConnectorToWire } from '../wire/agent.ts';
import { toIso } from '../wire/iso-time.ts';
import { shortPage } from '../wire/page.ts';
import { whenOfWire } from '../wire/run.ts';
import { recentToWire } from '../wire/stats.ts';

const params = z.object({ name: z.string().meta({ description: 'Name of the agent.' }) });

/** Agents: list, detail, start a run by hand. */
export function addAgentRoutes(app: ManagementApp, { engine, recent, healthOf }: ManagementContext): void {
  const linkedToWire = (connectors: readonly Connector[]) =>
    Promise.all(
      connectors.map(async (connector) => linkedConnectorToWire(connector, await healthOf(connector))),
    );
  const toWire = async (
    agent: AgentSummary,
    { byAgent }: RunStats,
    connectors: readonly Connector[],
    holds: readonly Hold[],
  ) =>
    agentToWire(
      agent,
      await readPause(engine, holds, pausableAgent(agent.name)),
      await linkedToWire(connectors),
      recentToWire(recentPeriodMs, byAgent.get(agent.name)),
    );

  app.openapi(listAgents, async (c) => {
    const [stats, linked, holds] = await Promise.all([
      recent(),
      connectorsByAgent(engine.connectors),
      engine.holds.list(),
    ]);
    const { items: agents, next_cursor } = shortPage(engine.agents.list(), c.req.valid('query'));
    const items = await Promise.all(
      agents.map((agent) => toWire(agent, stats, linked.get(agent.name) ?? [], holds)),
    );
    return c.json({ items, next_cursor, problems: [...engine.agents.problems()] }, 200);
  });

  app.openapi(showAgent, async (c) => {
    const { name } = c.req.valid('param');
    const agent = engine.agents.get(name);
    if (agent === null) return answerRefusal(c, agentNotFound(name, engine.agents));
    const [stats, linked, holds] = await Promise.all([
      recent(),
      engine.connectors.linkedTo(name),
      engine.holds.list(),
    ]);
    return c.json(await toWire(agent, stats, linked, holds), 200);
  });

  app.openapi(startAgent, async (c) => {
    const payload = payloadOfBody(await c.req.text()) ?? Payload.of(null);
    const when = whenOfWire(c.req.valid('json'));
    const started = await startRun(engine, c.var.actor, c.req.valid('param').name, payload, when);
    if (started.outcome === 'refused') return answerRefusal(c, started);
    const { runId, scheduledAt } = started;
    const due = scheduledAt === null ? {} : { scheduled_at: toIso(scheduledAt) };
    return c.json({ run_id: runId, ...due }, 202);
  });
}

const listAgents = createRoute({
  method: 'get',
  path: '/agents',
  operationId: 'listAgents',
  tags: ['Agents'],
  summary: 'List agents with their connectors and recent numbers, and project errors',
  request: { query: shortListQuery },
  responses: { 200: json(agentList, 'All agents, by name.'), ...refusals() },
});

const showAgent = createRoute({
  method: 'get',
  path: '/agents/{name}',
  operationId: 'showAgent',
  tags: ['Agents'],
  summary: 'Show an agent',
  request: { params },
  responses: { 200: json(wireAgent, 'The agent.'), ...refusals(404) },
});

const startAgent = createRoute({
  method: 'post',
  path: '/agents/{name}/runs',
  operationId: 'startRun',
  tags: ['Agents'],
  summary: 'Start a run, now or later',
  description: 'With `at` or `delay_seconds`, the run is scheduled and waits for its time.',
  request: { params, body: { required: true, content: { 'application/json': { schema: startRunBody } } } },
  responses: {
    202: json(startedRun, 'The run is queued or scheduled.'),
    ...refusals(404, 413, 415, 422, 429),
  },
});
