import { describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { sendJson } from './sender.ts';
import { useTarget } from './target.ts';
import * as wire from './wire.ts';

const target = useTarget();
const { operator } = target;

const scheduled = z.looseObject({ run_id: z.uuid(), scheduled_at: z.iso.datetime() });
const scheduledByWebhook = z.looseObject({ run_ids: z.array(z.uuid()), scheduled_at: z.iso.datetime() });

const runList = z.looseObject({ items: z.array(wire.runSummary) });

async function schedule(when: { at: string } | { delay_seconds: number }, message = 'later') {
  const answer = await operator.call('POST', '/agents/shout/runs', { payload: { message }, ...when });
  expect(answer.status).toBe(202);
  return scheduled.parse(answer.json);
}

const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString();

describe('a run that is scheduled', () => {
  test('starts when it is due, and not before', async () => {
    const { run_id: runId, scheduled_at: dueAt } = await schedule({ delay_seconds: 3 });
    expect(await operator.run(runId)).toMatchObject({
      status: 'scheduled',
      scheduled_at: dueAt,
      started_at: null,
    });
    const run = await operator.ended(runId);
    expect(run).toMatchObject({ status: 'completed', output: 'LATER', attempts: 1 });
    expect(Date.parse(run.started_at ?? '')).toBeGreaterThanOrEqual(Date.parse(dueAt));
  });

  test('is listed by its status, and starts at once when its time is changed to now', async () => {
    const at = inAnHour();
    const { run_id: runId, scheduled_at: dueAt } = await schedule({ at });
    expect(dueAt).toBe(at);
    const list = runList.parse((await operator.call('GET', '/runs?status=scheduled')).json);
    expect(list.items.map((run) => run.run_id)).toContain(runId);
    expect((await operator.call('PATCH', `/runs/${runId}`, { delay_seconds: 0 })).status).toBe(200);
    expect(await operator.ended(runId)).toMatchObject({ status: 'completed', attempts: 1 });
  });

  test('gets another time, and keeps waiting', async () => {
    const { run_id: runId } = await schedule({ delay_seconds: 3_600 });
    const at = new Date(Date.now() + 7_200_000).toISOString();
    const changed = await operator.call('PATCH', `/runs/${runId}`, { at });
    expect(changed.json).toEqual({ run_id: runId, scheduled_at: at });
    expect(await operator.run(runId)).toMatchObject({ status: 'scheduled', scheduled_at: at });
    await operator.call('POST', `/runs/${runId}/cancel`);
  });

  test('never starts when it is cancelled, and gets no other time then', async () => {
    const { run_id: runId } = await schedule({ delay_seconds: 3_600 });
    const cancelled = await operator.call('POST', `/runs/${runId}/cancel`);
    expect(cancelled.json).toEqual({ run_id: runId, status: 'cancelled' });
    expect(await operator.run(runId)).toMatchObject({ status: 'cancelled', started_at: null });
    const refused = await operator.call('PATCH', `/runs/${runId}`, { delay_seconds: 0 });
    expect(refused.status).toBe(409);
    expect(refused.json).toMatchObject({
      code: 'run-not-scheduled',
      detail: 'The run is not scheduled: it has started, has ended, or waits in the queue.',
    });
  });

  test('is refused for a time that cannot be read, with an example of one', async () => {
    for (const at of ['tomorrow', '2026-12-01T09:00:00']) {
      const refused = await operator.call('POST', '/agents/echo/runs', { payload: {}, at });
      expect(refused.status).toBe(400);
      expect(refused.text).toContain('at: must be a time with its zone, such as 2026-11-23T09:00:00Z.');
    }
  });
});

describe('a webhook call with X-Connic-Delay', () => {
  test('is accepted at once, and its runs start after the delay', async () => {
    const inbound = await operator.createConnector({ mode: 'inbound', agents: ['shout'] });
    const answer = await sendJson(inbound, { message: 'soon' }, { 'x-connic-delay': '2' });
    expect(answer.status).toBe(200);
    const { run_ids: runIds, scheduled_at: dueAt } = scheduledByWebhook.parse(answer.json);
    const run = await operator.ended(runIds[0] ?? '');
    expect(run).toMatchObject({ status: 'completed', output: 'SOON', scheduled_at: dueAt });
    expect(Date.parse(run.started_at ?? '')).toBeGreaterThanOrEqual(Date.parse(dueAt));
  });

  test.each(['soon', '-1', '1.5', '31622401', ''])('is refused for a delay of "%s"', async (delay) => {
    const inbound = await operator.createConnector({ mode: 'inbound', agents: ['shout'] });
    const answer = await sendJson(inbound, { message: 'x' }, { 'x-connic-delay': delay });
    expect(answer.status).toBe(400);
    expect(answer.json).toEqual({
      code: 'malformed',
      detail: 'X-Connic-Delay must be a whole number of seconds from 0 to 31622400 (366 days).',
    });
  });

  test('is refused by a sync connector', async () => {
    const sync = await operator.createConnector({ mode: 'sync', agents: ['shout'] });
    const answer = await sendJson(sync, { message: 'x' }, { 'x-connic-delay': '5' });
    expect(answer.status).toBe(400);
    expect(answer.json).toEqual({
      code: 'malformed',
      detail:
        'A sync connector answers with the result of its runs. Leave X-Connic-Delay out, or use an inbound connector.',
    });
  });
});
