import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { eventually } from './eventually.ts';
import { sendJson } from './sender.ts';
import { useTarget } from './target.ts';
import * as wire from './wire.ts';

const target = useTarget();
const { operator } = target;

const pause = z.looseObject({
  paused: z.boolean(),
  pause: z
    .looseObject({
      by: z.string(),
      drain_per_minute: z.number().nullable(),
      draining_since: z.iso.datetime().nullable(),
      waiting: z.int(),
      oldest_at: z.iso.datetime().nullable(),
    })
    .nullable(),
});

/** Functions of a deployment hear of a pause within five seconds. */
const heardMs = process.env['SCENARIO_URL'] === undefined ? 0 : 6_000;

async function change(path: string, body: unknown) {
  const answer = await operator.call('PATCH', path, body);
  expect(answer).toMatchObject({ status: 200 });
  if (JSON.stringify(body).includes('true')) await sleep(heardMs);
  return pause.parse(answer.json);
}

async function waiting(path: string, count: number) {
  return eventually(`${count} runs to wait`, async () => {
    const found = pause.parse((await operator.call('GET', path)).json);
    return found.pause?.waiting === count && found;
  });
}

async function send(connector: Parameters<typeof sendJson>[0], count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let n = 0; n < count; n++) {
    const answer = await sendJson(connector, { message: `event ${n}` });
    expect(answer.status).toBe(200);
    ids.push(...wire.inboundAnswer.parse(answer.json).run_ids);
  }
  return ids;
}

describe('a paused connector', () => {
  test('accepts events, and their runs wait until it is resumed', async () => {
    const connector = await operator.createConnector({ mode: 'inbound', agents: ['shout'] });
    const path = `/connectors/${connector.id}`;
    expect(await change(path, { paused: true, drain_per_minute: 6_000 })).toMatchObject({ paused: true });
    const ids = await send(connector, 3);
    expect(await waiting(path, 3)).toMatchObject({
      paused: true,
      health: { status: 'paused', reason: expect.stringMatching(/^Paused by .*\. It accepts events/) },
      pause: { drain_per_minute: 6_000, draining_since: null, oldest_at: expect.any(String) },
    });
    const [first = ''] = ids;
    expect(await operator.run(first)).toMatchObject({
      status: 'queued',
      waits_for: { kind: 'hold', reason: 'The connector is paused.' },
    });
    await change(path, { paused: false });
    for (const id of ids)
      expect(await operator.ended(id)).toMatchObject({ status: 'completed', attempts: 1 });
    await eventually('the pause to be over', async () => {
      const found = pause.parse((await operator.call('GET', path)).json);
      return !found.paused && found.pause === null;
    });
    const [late = ''] = await send(connector, 1);
    expect((await operator.ended(late)).status).toBe('completed');
  });

  test('lets runs be cancelled that wait, and cancels them when it is deleted', async () => {
    const connector = await operator.createConnector({ mode: 'inbound', agents: ['shout'] });
    const path = `/connectors/${connector.id}`;
    await change(path, { paused: true });
    const [first = '', second = ''] = await send(connector, 2);
    await waiting(path, 2);
    await operator.call('POST', `/runs/${first}/cancel`);
    await waiting(path, 1);
    await operator.delete(connector.id);
    expect((await operator.runIn('cancelled', second)).started_at).toBeNull();
  });

  test('answers a sync caller at once, with the place of the run', async () => {
    const connector = await operator.createConnector({ mode: 'sync', agents: ['shout'] });
    const path = `/connectors/${connector.id}`;
    await change(path, { paused: true });
    const answer = await sendJson(connector, { message: 'hello' });
    expect(answer.status).toBe(202);
    const { result, status } = wire.syncAnswer.parse(answer.json);
    expect([status, result.status]).toEqual(['paused', 'queued']);
    expect(answer.headers.get('location')).toMatch(new RegExp(`/api/v1/runs/${result.run_id}$`));
    await waiting(path, 1);
    await change(path, { paused: false });
    expect(await operator.ended(result.run_id)).toMatchObject({ status: 'completed', output: 'HELLO' });
  });

  test('has no rate to change while it is not paused', async () => {
    const connector = await operator.createConnector({ mode: 'inbound', agents: ['shout'] });
    const answer = await operator.call('PATCH', `/connectors/${connector.id}`, { drain_per_minute: 60 });
    expect(answer).toMatchObject({
      status: 409,
      json: {
        code: 'not-paused',
        detail: 'The connector is not paused, so there is no rate to change. Pause it first.',
      },
    });
  });
});

describe('a paused outbound connector', () => {
  test('keeps its deliveries back, and sends them in order when it is resumed', async () => {
    const receiver = await target.startReceiver();
    const config = { url: receiver.url };
    const connector = await operator.createConnector({ mode: 'outbound', agents: ['shout'], config });
    const path = `/connectors/${connector.id}`;
    await change(path, { paused: true });
    const ids: string[] = [];
    for (const message of ['a', 'b', 'c']) {
      const runId = await operator.startRun('shout', { message });
      const { status, reason, attempts } = await operator.deliveryOf(runId, (one) => one.status === 'held');
      expect({ status, reason, attempts }).toEqual({
        status: 'held',
        reason: 'The connector is paused.',
        attempts: [],
      });
      ids.push(runId);
    }
    expect(await waiting(path, 3)).toMatchObject({
      health: { status: 'paused', reason: expect.stringMatching(/Its deliveries wait\.$/) },
    });
    expect(receiver.requests).toEqual([]);
    await change(path, { paused: false, drain_per_minute: 60 });
    for (const id of ids) await operator.deliveryOf(id, ({ status }) => status === 'delivered');
    const sent = receiver.requests.map(({ body }) => wire.runEnvelope.parse(JSON.parse(String(body))).run_id);
    expect(sent).toEqual(ids);
  });
});

describe('a paused agent', () => {
  test('starts no run, while runs in progress end and other agents go on', async () => {
    const door = await target.startReceiver();
    door.answer(() => ({ status: 503 }));
    const running = await operator.startRun('held', { until: door.url });
    await operator.runIn('running', running);
    await change('/agents/held', { paused: true });
    const held = await operator.startRun('held', { until: door.url });
    await waiting('/agents/held', 1);
    expect((await operator.ended(await operator.startRun('shout', { message: 'a' }))).status).toBe(
      'completed',
    );
    door.answer(() => ({ status: 200 }));
    expect((await operator.ended(running)).status).toBe('completed');
    expect((await operator.run(held)).status).toBe('queued');
    await change('/agents/held', { paused: false });
    expect((await operator.ended(held)).status).toBe('completed');
  });
});

describe('a paused deployment', () => {
  test('accepts everything and starts nothing, and says so to whoever asks what needs attention', async () => {
    const connector = await operator.createConnector({ mode: 'inbound', agents: ['shout'] });
    await change('/deployment', { paused: true });
    try {
      const ids = [...(await send(connector, 1)), await operator.startRun('echo', { message: 'b' })];
      await waiting('/deployment', 2);
      const attention = await operator.call('GET', '/attention');
      expect(attention.json).toMatchObject({
        items: expect.arrayContaining([
          expect.objectContaining({
            kind: 'deployment-paused',
            reason: expect.stringMatching(/^Paused by .*\. 2 wait\.$/),
          }),
        ]),
      });
      await change('/deployment', { paused: false });
      for (const id of ids) expect((await operator.ended(id)).status).toBe('completed');
    } finally {
      await change('/deployment', { paused: false });
    }
  });
});
