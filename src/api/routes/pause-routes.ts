import { createRoute, z } from '@hono/zod-openapi';
import { changePause, type Pausable, pausableAgent, wholeDeployment } from '../../core/control/pause.ts';
import { readPause } from '../../core/control/read-pause.ts';
import { agentNotFound } from '../../core/refusal.ts';
import { answerRefusal, json, refusals } from '../answers.ts';
import { changePauseBody, wireDeployment } from '../contract/pause.ts';
import type { ManagementApp, ManagementContext } from '../management-context.ts';
import { pausePatch } from '../pause-patch.ts';
import { pauseToWire } from '../wire/connector.ts';

const params = z.object({ name: z.string().meta({ description: 'Name of the agent.' }) });

/** Pauses of the whole deployment and of agents. */
export function addPauseRoutes(app: ManagementApp, { engine }: ManagementContext): void {
  const toWire = async (what: Pausable) =>
    pauseToWire(await readPause(engine, await engine.holds.list(), what));
  /** A paused agent that has left the project can still be resumed. */
  const isHeld = async ({ keys }: Pausable) =>
    (await engine.holds.list()).some(({ key }) => keys.includes(key));

  app.openapi(showDeployment, async (c) => c.json(await toWire(wholeDeployment), 200));

  app.openapi(changeDeployment, async (c) => {
    const changed = await changePause(engine, c.var.actor, wholeDeployment, pausePatch(c.req.valid('json')));
    if (changed.outcome === 'refused') return answerRefusal(c, changed);
    return c.json(await toWire(wholeDeployment), 200);
  });

  app.openapi(changeAgent, async (c) => {
    const { name } = c.req.valid('param');
    const agent = pausableAgent(name);
    const isKnown = engine.agents.get(name) !== null || (await isHeld(agent));
    if (!isKnown) return answerRefusal(c, agentNotFound(name, engine.agents));
    const changed = await changePause(engine, c.var.actor, agent, pausePatch(c.req.valid('json')));
    if (changed.outcome === 'refused') return answerRefusal(c, changed);
    return c.json(await toWire(agent), 200);
  });
}

const body = { required: true, content: { 'application/json': { schema: changePauseBody } } };

const showDeployment = createRoute({
  method: 'get',
  path: '/deployment',
  operationId: 'showDeployment',
  tags: ['Operation'],
  summary: 'Show whether everything is paused, and how much is waiting',
  responses: { 200: json(wireDeployment, 'The deployment.'), ...refusals() },
});

const changeDeployment = createRoute({
  method: 'patch',
  path: '/deployment',
  operationId: 'changeDeployment',
  tags: ['Operation'],
  summary: 'Pause or resume everything',
  description:
    'While paused, events are accepted, and all runs and deliveries wait. Runs in progress continue.',
  request: { body },
  responses: { 200: json(wireDeployment, 'The changed deployment.'), ...refusals(409, 413, 415) },
});

const changeAgent = createRoute({
  method: 'patch',
  path: '/agents/{name}',
  operationId: 'changeAgent',
  tags: ['Agents'],
  summary: 'Pause or resume an agent',
  request: { params, body },
  responses: { 200: json(wireDeployment, 'The pause of the agent.'), ...refusals(404, 409, 413, 415) },
});
