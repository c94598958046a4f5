import { describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { useTarget } from './target.ts';
import * as wire from './wire.ts';

const target = useTarget();
const { operator } = target;

const nextRuns = z.looseObject({ items: z.array(z.object({ at: z.iso.datetime() })) });
const startedRuns = z.looseObject({ run_ids: z.array(z.uuid()) });

async function makeCron(config: Record<string, unknown>) {
  const name = `schedule ${crypto.randomUUID()}`;
  const draft = { name, type: 'cron', mode: 'inbound', config, agents: ['echo'] };
  const answer = await operator.call('POST', '/connectors', draft);
  expect(answer.status).toBe(201);
  return wire.connector.parse(answer.json);
}

async function runNow(connectorId: string): Promise<readonly string[]> {
  const answer = await operator.call('POST', `/connectors/${connectorId}/run-now`);
  expect(answer.status).toBe(202);
  return startedRuns.parse(answer.json).run_ids;
}

describe('a schedule', () => {
  test('says when it comes next, in its own time zone', async () => {
    const connector = await makeCron({ schedule: '30 9 1 1 *', timezone: 'Asia/Kolkata' });
    const { json } = await operator.call('GET', `/connectors/${connector.id}/next-runs`);
    const { items } = nextRuns.parse(json);
    expect(items).toHaveLength(5);
    for (const { at } of items) expect(at).toMatch(/^\d{4}-01-01T04:00:00/);
  });

  test('runs now when an operator wants it, with new runs each time', async () => {
    const prompt = 'What is the capital of France?';
    const connector = await makeCron({ schedule: '0 0 1 1 *', prompt });
    const [runId = ''] = await runNow(connector.id);
    const run = await operator.ended(runId);
    expect(run.payload).toMatchObject({ trigger: 'cron', schedule: '0 0 1 1 *', prompt });
    expect(JSON.parse(run.output ?? '')).toEqual(run.payload);
    expect(run.context).toMatchObject({ cron: { timezone: 'UTC', by: 'operator' } });
    expect(await runNow(connector.id)).not.toContain(runId);
  });

  test('that is disabled fires nothing and says so', async () => {
    const connector = await makeCron({ schedule: '* * * * *' });
    await operator.change(connector.id, { enabled: false });
    const answer = await operator.call('POST', `/connectors/${connector.id}/run-now`);
    expect(answer.status).toBe(409);
    expect(wire.refusal.parse(answer.json).code).toBe('connector-disabled');
    const { json } = await operator.call('GET', `/connectors/${connector.id}/next-runs`);
    expect(nextRuns.parse(json).items).toEqual([]);
    await operator.delete(connector.id);
  });

  test.each([
    [{}, /schedule/],
    [{ schedule: '0 9 * *' }, /five fields/],
    [{ schedule: '0 0 30 2 *' }, /never fires/],
    [{ schedule: '0 9 * * *', timezone: 'Mars/Olympus' }, /time zone/],
    [{ schedule: '0 9 * * *', overlap: 'perhaps' }, /overlap/],
  ])('is refused with %j', async (config, named) => {
    const draft = { name: 'x', type: 'cron', mode: 'inbound', config, agents: ['echo'] };
    const answer = await operator.call('POST', '/connectors', draft);
    expect(answer.status).toBe(400);
    expect(wire.refusal.parse(answer.json).detail).toMatch(named);
  });

  test('of a connector that has none is refused', async () => {
    const hook = await operator.createConnector({ mode: 'inbound', agents: ['echo'] });
    expect((await operator.call('GET', `/connectors/${hook.id}/next-runs`)).status).toBe(409);
    expect((await operator.call('POST', `/connectors/${hook.id}/run-now`)).status).toBe(409);
  });
});
