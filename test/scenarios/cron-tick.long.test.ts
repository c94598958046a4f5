import { describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { eventually } from './eventually.ts';
import { useTarget } from './target.ts';
import * as wire from './wire.ts';

const target = useTarget();
const { operator } = target;

const tick = z.looseObject({ triggered_at: z.iso.datetime() });

/** A schedule for each minute, with two agents. */
async function makeCron() {
  const agents = ['echo', 'chatty'];
  const draft = {
    name: 'schedule',
    type: 'cron',
    mode: 'inbound',
    config: { schedule: '* * * * *' },
    agents,
  };
  const answer = await operator.call('POST', '/connectors', draft);
  expect(answer.status).toBe(201);
  return wire.connector.parse(answer.json);
}

/** What a schedule has started, once it has: a minute of waiting, and the patience for what it does then. */
async function firstRuns(connectorId: string) {
  const find = async () => {
    const [newest, ...others] = (await operator.runs(`connector=${connectorId}`)).items;
    return newest !== undefined && others.length > 0 && ([newest, ...others] as const);
  };
  return eventually('the runs of the tick', find);
}

describe('a schedule', () => {
  test('fires at its minute, once for each linked agent', async () => {
    const connector = await makeCron();
    const [newest, ...others] = await firstRuns(connector.id);
    const ofTick = others.filter(({ trigger_id }) => trigger_id === newest.trigger_id);
    expect([newest, ...ofTick].map(({ agent_name }) => agent_name).sort()).toEqual(['chatty', 'echo']);
    const { payload } = await operator.run(newest.run_id);
    expect(payload).toEqual({
      trigger: 'cron',
      schedule: '* * * * *',
      triggered_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:00Z$/),
    });
    const { triggered_at } = tick.parse(payload);
    expect(Date.parse(triggered_at)).toBeGreaterThan(Date.parse(connector.created_at));
    expect(Date.parse(triggered_at)).toBeLessThanOrEqual(Date.parse(newest.queued_at));
    await operator.delete(connector.id);
  });
});
