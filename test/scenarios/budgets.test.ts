import { afterEach, describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { eventually } from './eventually.ts';
import { sendJson } from './sender.ts';
import { useTargetWithModel } from './target-with-model.ts';
import * as wire from './wire.ts';

/** Every call of the model takes 19 tokens. */
const perCall = 19;

const scenario = useTargetWithModel(({ body }) => {
  const conversation = JSON.stringify(body);
  // A model that calls a tool which it does not have is asked again.
  const isAskedFirst = conversation.includes('Look twice') && !conversation.includes('look_up');
  return isAskedFirst ? { toolCalls: [{ name: 'look_up', arguments: {} }] } : { text: 'Hello.' };
});
const { target } = scenario;
const { operator } = target;

const budget = z.looseObject({
  id: z.uuid(),
  used: z.number().nullable(),
  reserved: z.number().nullable(),
  resets_at: z.iso.datetime().nullable(),
  held_runs: z.number(),
});
type Budget = z.infer<typeof budget>;

const made = new Set<string>();

afterEach(async () => {
  for (const id of made) await operator.call('DELETE', `/budgets/${id}`);
  made.clear();
});

/** Makes a budget for the agent of these scenarios, and waits until every function knows it. */
async function makeBudget(given: Record<string, unknown>): Promise<Budget> {
  const draft = { scope: { type: 'agent', id: 'chat' }, measure: 'tokens', period: 'day', ...given };
  const answer = await operator.call('POST', '/budgets', {
    name: `scenario ${crypto.randomUUID()}`,
    ...draft,
  });
  expect([answer.status, answer.text]).toEqual([201, answer.text]);
  const created = budget.parse(answer.json);
  made.add(created.id);
  if (process.env['SCENARIO_URL'] !== undefined) await new Promise((resolve) => setTimeout(resolve, 6_000));
  return created;
}

async function budgetNow({ id }: Budget): Promise<Budget> {
  return budget.parse((await operator.call('GET', `/budgets/${id}`)).json);
}

function chat() {
  return operator.startRun('chat', { message: 'Hi', conversation: crypto.randomUUID() });
}

async function statusesOf(runIds: readonly string[]): Promise<readonly string[]> {
  const runs = await Promise.all(runIds.map((runId) => operator.run(runId)));
  return runs.map(({ status }) => status);
}

describe('a budget', () => {
  test('that is used up holds runs, which go on when the limit is raised, and none is lost', async () => {
    const daily = await makeBudget({ limit: 3 * perCall });
    const before = scenario.requests.length;
    const runIds = await Promise.all(Array.from({ length: 8 }, () => chat()));
    const held = await eventually('the rest of the runs to wait', async () => {
      const now = await budgetNow(daily);
      return now.held_runs === 5 && now;
    });
    expect(held).toMatchObject({ used: 3 * perCall, reserved: 0 });
    expect(scenario.requests.length - before).toBe(3);
    expect((await statusesOf(runIds)).filter((status) => status === 'queued')).toHaveLength(5);
    const raised = await operator.call('PATCH', `/budgets/${daily.id}`, { limit: 1_000_000 });
    expect(raised.status).toBe(200);
    for (const runId of runIds)
      expect(await operator.ended(runId)).toMatchObject({ status: 'completed', attempts: 1 });
    expect(await budgetNow(daily)).toMatchObject({ used: 8 * perCall, reserved: 0, held_runs: 0 });
  });

  test('that is deleted lets the runs go on that waited for it', async () => {
    const daily = await makeBudget({ limit: 1 });
    expect(await operator.ended(await chat())).toMatchObject({ status: 'completed' });
    const runId = await chat();
    await eventually('the run to wait', async () => (await budgetNow(daily)).held_runs === 1);
    expect((await operator.call('DELETE', `/budgets/${daily.id}`)).status).toBe(204);
    expect(await operator.ended(runId)).toMatchObject({ status: 'completed' });
  });

  test('answers a sync caller whose run has to wait at once', async () => {
    const daily = await makeBudget({ limit: 1 });
    await operator.ended(await chat());
    const connector = await operator.createConnector({ mode: 'sync', agents: ['chat'] });
    const began = performance.now();
    const answer = await sendJson(connector, { message: 'Hi' });
    expect([answer.status, answer.json]).toMatchObject([
      202,
      { status: 'held', result: { status: 'queued' } },
    ]);
    expect(performance.now() - began).toBeLessThan(20_000);
    const [runId = ''] = /[^/]*$/.exec(answer.headers.get('location') ?? '') ?? [];
    await eventually('the run to wait', async () => (await budgetNow(daily)).held_runs === 1);
    expect(await operator.run(runId)).toMatchObject({ status: 'queued' });
    await operator.call('DELETE', `/budgets/${daily.id}`);
    expect(await operator.ended(runId)).toMatchObject({ status: 'completed' });
  });

  test('refuses triggers and says when they may come again', async () => {
    const daily = await makeBudget({ limit: 1, on_limit: 'refuse' });
    const connector = await operator.createConnector({ mode: 'inbound', agents: ['chat'] });
    const accepted = await sendJson(connector, { message: 'Hi' });
    expect(accepted.status).toBe(200);
    const [runId = ''] = wire.inboundAnswer.parse(accepted.json).run_ids;
    await operator.ended(runId);
    const refused = await eventually('a trigger to be refused', async () => {
      const answer = await sendJson(connector, { message: 'Hi' });
      return answer.status !== 200 && answer;
    });
    expect(refused.status).toBe(429);
    expect(refused.json).toMatchObject({ code: 'budget-reached' });
    const { resets_at } = await budgetNow(daily);
    const waitMs = Number(refused.headers.get('retry-after')) * 1_000;
    expect(Math.abs(Date.now() + waitMs - Date.parse(String(resets_at)))).toBeLessThan(60_000);
    const byHand = await operator.call('POST', '/agents/chat/runs', { payload: {} });
    expect([byHand.status, byHand.json]).toEqual([429, expect.objectContaining({ code: 'budget-reached' })]);
    expect(byHand.headers.get('retry-after')).toMatch(/^\d+$/);
    const yearly = { schedule: '0 0 1 1 *' };
    const draft = { name: `yearly ${crypto.randomUUID()}`, type: 'cron', mode: 'inbound', config: yearly };
    const made = await operator.call('POST', '/connectors', { ...draft, agents: ['chat'] });
    const { id } = wire.connector.parse(made.json);
    const fired = await operator.call('POST', `/connectors/${id}/run-now`);
    expect([fired.status, fired.json]).toEqual([429, expect.objectContaining({ code: 'budget-reached' })]);
    await operator.delete(id);
  });

  test('ends runs where it says so', async () => {
    const conversation = crypto.randomUUID();
    const scope = { type: 'session', id: conversation };
    const daily = await makeBudget({ limit: perCall, on_limit: 'stop', scope });
    const payload = { message: 'Hi', conversation };
    expect(await operator.ended(await operator.startRun('chat', payload))).toMatchObject({
      status: 'completed',
    });
    expect((await budgetNow(daily)).used).toBe(perCall);
    const refused = await eventually('a run to be refused', async () => {
      const answer = await operator.call('POST', '/agents/chat/runs', { payload });
      if (answer.status !== 202) return answer;
      // A function may refuse some seconds late: what it accepts ends as well.
      const { run_id } = z.object({ run_id: z.uuid() }).parse(answer.json);
      expect(await operator.ended(run_id)).toMatchObject({
        status: 'failed',
        error: { code: 'budget-exceeded' },
      });
      return null;
    });
    expect(refused.status).toBe(429);
  });

  test('of each run ends a run that needs more', async () => {
    const each = await makeBudget({ limit: perCall, period: 'run' });
    expect(each).toMatchObject({ used: null, reserved: null, resets_at: null, on_limit: 'stop' });
    expect(await operator.ended(await chat())).toMatchObject({ status: 'completed' });
    const run = await operator.ended(await operator.startRun('chat', { message: 'Look twice' }));
    expect(run).toMatchObject({ status: 'failed', token_usage: { total: perCall } });
    const { error } = z
      .looseObject({ error: z.looseObject({ code: z.string(), message: z.string() }) })
      .parse(run);
    expect(error.code).toBe('budget-exceeded');
    expect(error.message).toMatch(/^The budget "scenario .*" \(19 tokens a run\) is used up\./);
  });

  test('ends a run that alone needs more than the limit, instead of beginning it again for ever', async () => {
    await makeBudget({ limit: perCall });
    const run = await operator.ended(await operator.startRun('chat', { message: 'Look twice' }));
    expect(run).toMatchObject({ status: 'failed', error: { code: 'budget-exceeded' } });
    expect(JSON.stringify(run['error'])).toContain('This run alone has used all of it.');
  });

  test('makes a run wait that is in its middle, and execute again from its start', async () => {
    const daily = await makeBudget({ limit: 3 * perCall });
    await operator.ended(await chat());
    await operator.ended(await chat());
    const runId = await operator.startRun('chat', { message: 'Look twice' });
    await eventually('the run to wait', async () => (await budgetNow(daily)).held_runs === 1);
    expect(await operator.run(runId)).toMatchObject({ status: 'queued', attempts: 0 });
    await operator.call('PATCH', `/budgets/${daily.id}`, { limit: 1_000 });
    expect(await operator.ended(runId)).toMatchObject({ status: 'completed', attempts: 1 });
    expect(await budgetNow(daily)).toMatchObject({ used: 5 * perCall });
  });

  test('counts runs', async () => {
    const daily = await makeBudget({ limit: 2, measure: 'runs' });
    const runIds = [await chat(), await chat(), await chat()];
    await eventually('one run to wait', async () => (await budgetNow(daily)).held_runs === 1);
    expect(await budgetNow(daily)).toMatchObject({ used: 2, reserved: 0 });
    await operator.call('PATCH', `/budgets/${daily.id}`, { limit: 3 });
    for (const runId of runIds) expect(await operator.ended(runId)).toMatchObject({ status: 'completed' });
    expect(await budgetNow(daily)).toMatchObject({ used: 3, held_runs: 0 });
  });

  test('of each session leaves the others alone', async () => {
    const each = await makeBudget({ limit: 1, scope: { type: 'session' } });
    const talk = (conversation: string) => operator.startRun('chat', { message: 'Hi', conversation });
    await operator.ended(await talk('jane'));
    const held = await talk('jane');
    await eventually('the run to wait', async () => (await budgetNow(each)).held_runs === 1);
    expect(await operator.ended(await talk('joe'))).toMatchObject({ status: 'completed' });
    expect(await budgetNow(each)).toMatchObject({ used: perCall, held_runs: 1 });
    expect((await operator.call('POST', `/runs/${held}/cancel`)).status).toBe(200);
    expect(await operator.ended(held)).toMatchObject({ status: 'cancelled' });
  });

  test('in dollars counts what the price list says', async () => {
    const daily = await makeBudget({ limit: 5, measure: 'usd' });
    const run = await operator.ended(await chat());
    expect((await budgetNow(daily)).used).toBeCloseTo(Number(run['cost_usd']), 8);
  });

  test('that cannot be is refused with every reason', async () => {
    const refused = async (given: Record<string, unknown>) => {
      const draft = { name: 'no', measure: 'tokens', period: 'day', limit: 1, ...given };
      const answer = await operator.call('POST', '/budgets', draft);
      return [answer.status, z.looseObject({ detail: z.string() }).parse(answer.json).detail];
    };
    expect(
      await refused({ limit: 1.5, scope: { type: 'agent', id: 'chatt' }, time_zone: 'Mars/Base' }),
    ).toEqual([
      400,
      'Invalid request. scope.id: There is no agent named "chatt". Did you mean "chat"?; limit: must be a whole number of tokens; time_zone: is not a time zone: "Mars/Base"; expected a name such as Europe/Berlin.',
    ]);
    expect(
      await refused({ period: 'run', measure: 'runs', on_limit: 'hold', name: ' ', warn_at: 0 }),
    ).toEqual([
      400,
      'Invalid request. name: is required; warn_at: must be a percentage from 1 to 100, or null for no warning; period: must be hour, day, or month for a budget that counts runs; on_limit: must be stop for the period "run": the run has nothing to wait for.',
    ]);
    expect(await refused({ scope: { type: 'agent' }, limit: 0 })).toEqual([
      400,
      'Invalid request. scope.id: is required: the name of the agent; limit: must be more than 0 and at most 1,000,000,000,000.',
    ]);
    expect(await refused({ scope: { type: 'deployment', id: 'x' } })).toEqual([
      400,
      'Invalid request. scope.id: is not for the scope "deployment".',
    ]);
    expect(await refused({ scope: { type: 'connector', id: 'x' } })).toEqual([
      400,
      'Invalid request. scope.id: There is no connector with the id "x".',
    ]);
    expect((await operator.call('GET', '/budgets/none')).json).toEqual({
      code: 'budget-not-found',
      detail: 'There is no budget with the id "none".',
    });
  });

  test('is in the audit log, with who made it and when it was used up, and subscribers hear of it', async () => {
    const receiver = await target.startReceiver();
    await operator.createConnector({
      mode: 'outbound',
      agents: [],
      config: { url: receiver.url, events: ['budget.reached', 'budget.warning'] },
    });
    const daily = await makeBudget({ limit: perCall, warn_at: 50 });
    await operator.ended(await chat());
    const entries = await eventually('the limit to be noted', async () => {
      const { json } = await operator.call('GET', `/audit-log?subject=${daily.id}`);
      const { items } = z.object({ items: z.array(z.looseObject({ action: z.string() })) }).parse(json);
      return items.length === 2 && items;
    });
    expect(entries.map(({ action }) => action)).toEqual(['budget.reached', 'budget.created']);
    const { json } = await operator.call('GET', '/attention');
    const { items } = z.object({ items: z.array(z.looseObject({ kind: z.string() })) }).parse(json);
    expect(items).toContainEqual(expect.objectContaining({ kind: 'budget-reached', subject: daily.id }));
    const heard = await eventually('the event', async () => receiver.requests[0]);
    expect(JSON.parse(String(heard.body))).toMatchObject({
      type: 'budget.reached',
      summary: expect.stringContaining('19 tokens a day'),
    });
  });
});
