import { describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { sendJson } from './sender.ts';
import { useTarget } from './target.ts';
import * as wire from './wire.ts';

const target = useTarget();
const { operator } = target;

const agent = z.looseObject({
  name: z.string(),
  connectors: z.array(z.looseObject({ id: z.string(), mode: z.string() })),
});
describe('a connector', () => {
  test('shows its secret at its creation, and later only to whoever asks for it', async () => {
    const created = await operator.createConnector({ mode: 'inbound', agents: ['echo'], name: 'Orders' });
    expect(created).toMatchObject({ name: 'Orders', type: 'webhook', mode: 'inbound', enabled: true });
    expect(created.url).toBe(`${target.baseUrl}/webhooks/${created.id}`);
    const { secret, ...shown } = created;
    expect(await operator.connector(created.id)).toEqual(shown);
    expect((await operator.call('GET', '/connectors')).text).not.toContain(secret);
    expect(await operator.secretOf(created.id)).toBe(secret);
  });

  test('is listed, renamed, and reconfigured', async () => {
    const created = await operator.createConnector({ mode: 'sync', agents: ['echo'] });
    const changed = await operator.change(created.id, { name: 'Renamed', config: { timeout_seconds: 7 } });
    expect(changed).toMatchObject({ name: 'Renamed', config: { timeout_seconds: 7 }, agents: ['echo'] });
    const listed = await operator.all(wire.connector, '/connectors', 2);
    expect(changed).toEqual({ ...listed.find(({ id }) => id === created.id), held_deliveries: null });
    expect(created.url).toBe(`${target.baseUrl}/webhooks/${created.id}/sync`);
  });

  test('is linked and unlinked while triggers arrive', async () => {
    const connector = await operator.createConnector({ mode: 'inbound', agents: ['echo'] });
    const agentsOf = async () => {
      const { run_ids } = wire.inboundAnswer.parse((await sendJson(connector, { message: 'x' })).json);
      return Promise.all(run_ids.map(async (id) => (await operator.run(id)).agent_name));
    };
    expect(await agentsOf()).toEqual(['echo']);
    expect((await operator.link(connector.id, 'shout')).status).toBeLessThan(300);
    expect(await agentsOf()).toEqual(['echo', 'shout']);
    expect((await operator.unlink(connector.id, 'echo')).status).toBeLessThan(300);
    expect(await agentsOf()).toEqual(['shout']);
    const shout = agent.parse((await operator.call('GET', '/agents/shout')).json);
    expect(shout.connectors).toContainEqual(expect.objectContaining({ id: connector.id, mode: 'inbound' }));
  });

  test('is gone once it is deleted: its address, its secret and its pending deliveries; its runs stay', async () => {
    const receiver = await target.startReceiver();
    receiver.answer(() => ({ status: 503, headers: { 'retry-after': '3600' } }));
    const inbound = await operator.createConnector({ mode: 'inbound', agents: ['echo'] });
    const config = { url: receiver.url, from_connectors: [inbound.id] };
    const outbound = await operator.createConnector({ mode: 'outbound', agents: ['echo'], config });
    const { run_ids } = wire.inboundAnswer.parse((await sendJson(inbound, {})).json);
    const [runId = ''] = run_ids;
    const pending = await operator.deliveryOf(runId, ({ attempts }) => attempts.length === 1);

    for (const { id } of [inbound, outbound]) expect((await operator.delete(id)).status).toBe(204);
    expect((await sendJson(inbound, {})).status).toBe(401);
    for (const path of ['', '/secret']) {
      const answer = await operator.call('GET', `/connectors/${inbound.id}${path}`);
      expect(answer.status).toBe(404);
      expect(wire.refusal.parse(answer.json)).toBeDefined();
    }
    expect(await operator.delivery(pending.delivery_id)).toMatchObject({
      status: 'cancelled',
      next_attempt_at: null,
    });
    expect(await operator.run(runId)).toMatchObject({ status: 'completed', connector_id: inbound.id });
  });

  test('has its target tried out before it is made, and nothing is stored', async () => {
    const receiver = await target.startReceiver();
    receiver.answer(() => ({ status: 503, body: 'not today' }));
    const before = (await operator.all(wire.connector, '/connectors')).length;
    const body = { mode: 'outbound', config: { url: receiver.url, authorization: 'Bearer to-look-for-3d9' } };
    const answer = await operator.call('POST', '/connector-types/webhook/test', body);
    expect(answer.status).toBe(200);
    expect(answer.json).toMatchObject({
      tested: 'delivery',
      ok: false,
      error: expect.stringContaining('503'),
      status_code: 503,
      response_excerpt: 'not today',
    });
    expect(answer.text).not.toContain('to-look-for-3d9');
    expect(receiver.requests.map(({ headers }) => headers['authorization'])).toEqual([
      'Bearer to-look-for-3d9',
    ]);
    expect(await operator.all(wire.connector, '/connectors')).toHaveLength(before);
    expect((await operator.call('GET', '/audit-log')).text).not.toContain('to-look-for-3d9');
  });

  test('that is disabled delivers nothing', async () => {
    const receiver = await target.startReceiver();
    const outbound = await operator.createConnector({
      mode: 'outbound',
      agents: ['echo'],
      config: { url: receiver.url },
    });
    await operator.change(outbound.id, { enabled: false });
    const runId = await operator.startRun('echo', {});
    await operator.ended(runId);
    await operator.change(outbound.id, { enabled: true });
    const delivered = await operator.startRun('echo', {});
    await operator.deliveryOf(delivered, ({ status }) => status === 'delivered');
    expect((await operator.run(runId)).deliveries).toMatchObject([{ status: 'held', attempts: [] }]);
    expect(receiver.requests).toHaveLength(1);
  });

  test.each([
    ['no name', { name: '' }, /name/],
    ['an unknown type', { type: 'carrier-pigeon' }, /carrier-pigeon/],
    ['an unknown mode', { mode: 'sideways' }, /mode/],
    ['an unknown agent', { agents: ['nobody'] }, /nobody/],
    ['an unknown setting', { config: { colour: 'red' } }, /colour/],
    [
      'a setting of the wrong kind',
      { config: { rate_limit: { requests: 'many', per_seconds: 1 } } },
      /rate_limit/,
    ],
    ['an outbound webhook without a URL', { mode: 'outbound' }, /url/],
    ['an outbound webhook to no URL', { mode: 'outbound', config: { url: 'nowhere' } }, /url/],
    [
      'headers that the product sets',
      { mode: 'outbound', config: { url: 'https://example.com', headers: { host: 'a' } } },
      /host/,
    ],
  ])('is refused with %s', async (_title, change, named) => {
    const body = { name: 'x', type: 'webhook', mode: 'inbound', config: {}, agents: ['echo'], ...change };
    const before = (await operator.all(wire.connector, '/connectors')).length;
    const answer = await operator.call('POST', '/connectors', body);
    expect([400, 404, 422]).toContain(answer.status);
    expect(wire.refusal.parse(answer.json).detail).toMatch(named);
    expect(await operator.all(wire.connector, '/connectors')).toHaveLength(before);
  });
});
