import { createRoute, z } from '@hono/zod-openapi';
import { changeBudget, createBudget, deleteBudget, findBudget } from '../../core/budgets/manage-budgets.ts';
import { showBudget } from '../../core/budgets/show-budget.ts';
import { budgetNotFound } from '../../core/refusal.ts';
import { answerRefusal, json, refusals } from '../answers.ts';
import { budgetList, changeBudgetBody, createBudgetBody, wireBudget } from '../contract/budget.ts';
import { shortListQuery } from '../contract/page.ts';
import type { ManagementApp, ManagementContext } from '../management-context.ts';
import { budgetToWire } from '../wire/budget.ts';
import { shortPage } from '../wire/page.ts';
import { withoutUndefined } from '../without-undefined.ts';

/** Budgets: list, create, detail, change, delete. */
export function addBudgetRoutes(app: ManagementApp, { engine }: ManagementContext): void {
  app.openapi(list, async (c) => {
    const { items, next_cursor } = shortPage(await engine.budgets.list(), c.req.valid('query'));
    const shown = await Promise.all(items.map((budget) => showBudget(engine, budget)));
    return c.json({ items: shown.map(budgetToWire), next_cursor }, 200);
  });

  app.openapi(create, async (c) => {
    const { time_zone, warn_at, on_limit, ...body } = c.req.valid('json');
    const onLimit = on_limit ?? (body.period === 'run' ? 'stop' : 'hold');
    const draft = { ...body, timeZone: time_zone, warnAt: warn_at, onLimit };
    const created = await createBudget(engine, c.var.actor, draft);
    if (created.outcome === 'refused') return answerRefusal(c, created);
    return c.json(budgetToWire(await showBudget(engine, created.budget)), 201);
  });

  app.openapi(show, async (c) => {
    const { id } = c.req.valid('param');
    const budget = await findBudget(engine, id);
    if (budget === null) return answerRefusal(c, budgetNotFound(id));
    return c.json(budgetToWire(await showBudget(engine, budget)), 200);
  });

  app.openapi(change, async (c) => {
    const { name, limit, warn_at: warnAt, on_limit: onLimit } = c.req.valid('json');
    const patch = withoutUndefined({ name, limit, warnAt, onLimit });
    const changed = await changeBudget(engine, c.var.actor, c.req.valid('param').id, patch);
    if (changed.outcome === 'refused') return answerRefusal(c, changed);
    return c.json(budgetToWire(await showBudget(engine, changed.budget)), 200);
  });

  app.openapi(remove, async (c) => {
    const deleted = await deleteBudget(engine, c.var.actor, c.req.valid('param').id);
    if (deleted.outcome === 'refused') return answerRefusal(c, deleted);
    return c.body(null, 204);
  });
}

const tags = ['Budgets'];
const params = z.object({ id: z.string().meta({ description: 'Id of the budget.' }) });

const list = createRoute({
  method: 'get',
  path: '/budgets',
  operationId: 'listBudgets',
  tags,
  summary: 'List budgets with their usage, oldest first',
  request: { query: shortListQuery },
  responses: { 200: json(budgetList, 'All budgets.'), ...refusals() },
});

const create = createRoute({
  method: 'post',
  path: '/budgets',
  operationId: 'createBudget',
  tags,
  summary: 'Create a budget',
  description:
    'Counting starts now. `on_limit` is `hold` unless given, and `stop` for the period `run`. A budget in US dollars is refused if the price of a model that it covers is not known.',
  request: { body: { required: true, content: { 'application/json': { schema: createBudgetBody } } } },
  responses: { 201: json(wireBudget, 'The budget.'), ...refusals(409, 413, 415) },
});

const show = createRoute({
  method: 'get',
  path: '/budgets/{id}',
  operationId: 'showBudget',
  tags,
  summary: 'Show a budget',
  request: { params },
  responses: { 200: json(wireBudget, 'The budget.'), ...refusals(404) },
});

const change = createRoute({
  method: 'patch',
  path: '/budgets/{id}',
  operationId: 'changeBudget',
  tags,
  summary: 'Change a budget',
  description:
    'Omitted fields keep their values. Waiting runs start at once if the budget has room. To count something else, create another budget.',
  request: {
    params,
    body: { required: true, content: { 'application/json': { schema: changeBudgetBody } } },
  },
  responses: { 200: json(wireBudget, 'The changed budget.'), ...refusals(404, 409, 413, 415) },
});

const remove = createRoute({
  method: 'delete',
  path: '/budgets/{id}',
  operationId: 'deleteBudget',
  tags,
  summary: 'Delete a budget',
  description: 'Runs that wait for it start at once.',
  request: { params },
  responses: { 204: { description: 'The budget is deleted.' }, ...refusals(404) },
});
