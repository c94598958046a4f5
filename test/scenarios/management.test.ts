import { describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { useTarget } from './target.ts';
import * as wire from './wire.ts';

const target = useTarget();
const { operator } = target;

const agent = z.looseObject({
  name: z.string(),
  connectors: z.array(z.looseObject({ id: z.string(), mode: z.string() })),
});
const agentList = z.strictObject({
  items: z.array(agent),
  next_cursor: z.null(),
  problems: z.array(z.never()),
});
const auditEntry = z.looseObject({
  action: z.string(),
  subject: z.string(),
  actor: z.string(),
  at: z.iso.datetime(),
});

const stats = z.looseObject({
  totals: z.looseObject({
    runs: z.looseObject({ completed: z.int(), failed: z.int() }),
    tokens: z.object({ input: z.int(), output: z.int(), total: z.int() }),
  }),
  buckets: z.array(
    z.looseObject({
      from: z.iso.datetime(),
      duration_ms: z.object({ p50: z.number(), p95: z.number() }).nullable(),
    }),
  ),
  by_agent: z.array(z.looseObject({ agent: z.string() })),
  by_model: z.array(z.looseObject({ model: z.string() })),
  queue: z.looseObject({ queued: z.int(), held: z.int(), oldest_queued_at: z.iso.datetime().nullable() }),
});

describe('the management API', () => {
  test.each([
    ['no token', {}],
    ['a wrong token', { authorization: 'Bearer wrong' }],
  ])('wants a token: %s', async (_title, headers) => {
    for (const path of ['/connectors', '/runs', '/events', '/nowhere']) {
      const response = await fetch(`${target.baseUrl}/api/v1${path}`, { headers });
      expect(response.status).toBe(401);
      expect(wire.refusal.parse(await response.json()).code).toBe('unauthorized');
    }
  });

  test.each([
    '/runs/0199f7a0-0000-7000-8000-000000000000',
    '/deliveries/nope',
    '/connectors/nope',
    '/agents/nope',
    '/nope',
  ])('answers 404 for %s', async (path) => {
    const answer = await operator.call('GET', path);
    expect(answer.status).toBe(404);
    expect(wire.refusal.parse(answer.json)).toBeDefined();
  });

  test('lists the agents of the project', async () => {
    const { items } = agentList.parse((await operator.call('GET', '/agents')).json);
    expect(items.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['echo', 'pipeline', 'storyteller']),
    );
  });

  test('describes the webhook and its configuration', async () => {
    const answer = await operator.call('GET', '/connector-types');
    expect(answer.text).toContain('"webhook"');
    for (const mode of ['inbound', 'sync', 'outbound']) expect(answer.text).toContain(`"${mode}"`);
  });

  test('keeps a log of who did what, newest first', async () => {
    const connector = await operator.createConnector({ mode: 'inbound', agents: ['echo'] });
    await operator.secretOf(connector.id);
    await operator.rotate(connector.id, 60);
    await operator.link(connector.id, 'shout');
    await operator.delete(connector.id);
    const entries = (await operator.all(auditEntry, '/audit-log')).filter(
      ({ subject }) => subject === connector.id,
    );
    expect(entries.map(({ action }) => action)).toEqual([
      'connector.deleted',
      'connector.linked',
      'secret.rotated',
      'secret.shown',
      'connector.created',
    ]);
  });

  test('counts runs, tokens and durations', async () => {
    const from = new Date().toISOString();
    const runIds = await Promise.all([
      ...Array.from({ length: 3 }, () => operator.startRun('drop-per-order', { ms: 1 })),
      operator.startRun('storyteller', { message: 'hello' }),
      operator.startRun('fail', {}),
    ]);
    await Promise.all(runIds.map((runId) => operator.ended(runId)));
    const numbersOf = async (agentName: string) =>
      stats.parse((await operator.call('GET', `/stats?from=${from}&agent=${agentName}`)).json);
    const [waited, told, failed] = [
      await numbersOf('drop-per-order'),
      await numbersOf('storyteller'),
      await numbersOf('fail'),
    ];
    expect(waited.totals.runs).toMatchObject({ completed: 3, failed: 0 });
    expect(failed.totals.runs).toMatchObject({ completed: 0, failed: 1 });
    expect(told.totals.tokens.total).toBeGreaterThan(0);
    expect(told.buckets.some(({ duration_ms }) => duration_ms !== null)).toBe(true);
    expect(told.by_agent).toMatchObject([
      { agent: 'storyteller', runs: { completed: 1 }, tokens: told.totals.tokens },
    ]);
    expect(told.by_model).toMatchObject([{ model: 'demo/scripted', tokens: told.totals.tokens }]);
    expect(waited.by_model).toEqual([]);
    expect(waited.queue).toMatchObject({ queued: expect.any(Number) });
  });
});
