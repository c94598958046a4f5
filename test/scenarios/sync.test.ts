import { describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { eventsOf } from './event-stream.ts';
import { eventually } from './eventually.ts';
import { openStream, sendJson } from './sender.ts';
import { useTarget } from './target.ts';
import * as wire from './wire.ts';

const target = useTarget();
const { operator } = target;

async function sync(agents: string[], config: Record<string, unknown> = {}) {
  return operator.createConnector({ mode: 'sync', agents, config });
}

describe('a sync webhook', () => {
  test('answers with the result of the run', async () => {
    const answer = await sendJson(await sync(['shout']), { message: 'hello' });
    expect(answer.status).toBe(200);
    const { result, ...rest } = wire.syncAnswer.parse(answer.json);
    expect(rest).toEqual({ status: 'ok' });
    expect(result).toMatchObject({ agent_name: 'shout', status: 'completed', output: 'HELLO', error: null });
    expect(await operator.run(result.run_id)).toMatchObject({
      status: 'completed',
      output: 'HELLO',
      attempts: 1,
    });
  });

  test('answers 200 for a run that failed, and says why', async () => {
    const answer = await sendJson(await sync(['fail']), { reason: 'out of stock' });
    expect(answer.status).toBe(200);
    const { result } = wire.syncAnswer.parse(answer.json);
    expect(result).toMatchObject({ status: 'failed', output: null });
    expect(result.error).toContain('out of stock');
    expect((await operator.run(result.run_id)).error).toMatchObject({ code: 'tool-error' });
  });

  test('answers with the results of several agents in link order, the first one apart', async () => {
    const answer = await sendJson(await sync(['wait', 'count', 'fail']), { ms: 50, message: 'hello' });
    const { result, results } = wire.syncAnswer.parse(answer.json);
    expect(results?.map((each) => [each.agent_name, each.status])).toEqual([
      ['wait', 'completed'],
      ['count', 'completed'],
      ['fail', 'failed'],
    ]);
    expect(result).toEqual(results?.[0]);
  });

  test('waits at the deadline no longer: 202, where to look, and the run is delivered all the same', async () => {
    const receiver = await target.startReceiver();
    const connector = await sync(['wait'], { timeout_seconds: 3 });
    const config = { url: receiver.url, from_connectors: [connector.id] };
    await operator.createConnector({ mode: 'outbound', agents: ['wait'], config });

    const answer = await sendJson(connector, { ms: 10_000 });
    expect(answer.status).toBe(202);
    const { status, result } = wire.syncAnswer.parse(answer.json);
    expect(status).toBe('timeout');
    expect(result).toMatchObject({ status: 'running', output: null, error: null });
    expect(answer.headers.get('location')).toMatch(new RegExp(`/runs/${result.run_id}$`));

    expect(await operator.ended(result.run_id)).toMatchObject({
      status: 'completed',
      output: 'waited 10000 ms',
    });
    await operator.deliveryOf(result.run_id, (delivery) => delivery.status === 'delivered');
    expect(receiver.requests).toHaveLength(1);
  });

  test('goes on with the run when its caller hangs up', async () => {
    const door = await target.startReceiver();
    door.answer(() => ({ status: 503 }));
    const connector = await sync(['held']);
    const leaving = new AbortController();
    const call = fetch(connector.url ?? '', {
      method: 'POST',
      headers: { 'x-connic-secret': connector.secret, 'content-type': 'application/json' },
      body: JSON.stringify({ until: door.url }),
      signal: leaving.signal,
    });
    const run = await eventually(
      'the run to begin',
      async () => (await operator.runs(`connector=${connector.id}&status=running`)).items[0],
    );
    leaving.abort();
    await expect(call).rejects.toThrow('aborted');
    door.answer(() => ({ status: 200 }));
    expect(await operator.ended(run.run_id)).toMatchObject({ status: 'completed', attempts: 1 });
  });

  test('gives a repeat the result of the first request, without another run', async () => {
    const connector = await sync(['shout']);
    const key = { 'idempotency-key': 'order-7' };
    const first = await sendJson(connector, { message: 'once' }, key);
    const second = await sendJson(connector, { message: 'once' }, key);
    expect(first.headers.get('idempotent-replayed')).toBeNull();
    expect(second.headers.get('idempotent-replayed')).toBe('true');
    expect(second.json).toEqual(first.json);
    expect((await operator.runs(`connector=${connector.id}`)).items).toHaveLength(1);
  });
});

describe('a sync webhook that is asked for a stream', () => {
  test('sends the run, the text as the model writes it, and the result', async () => {
    const response = await openStream(await sync(['storyteller']), { message: 'Once upon a time' });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    const events = await Array.fromAsync(eventsOf(response));
    const kinds = events.map(({ event }) => event);
    expect(kinds.at(0)).toBe('run');
    expect(kinds.at(-1)).toBe('result');
    const chunks = events.filter(({ event }) => event === 'chunk');
    expect(chunks.length).toBeGreaterThan(2);
    const result = wire.syncAnswer.parse(events.at(-1)?.data).result;
    const text = chunks.map(({ data }) => z.object({ text: z.string() }).parse(data).text).join('');
    expect(text).toBe(result.output);
    expect(await operator.run(result.run_id)).toMatchObject({ status: 'completed', output: text });
  });

  test('sends the result of a run that failed', async () => {
    const events = await Array.fromAsync(eventsOf(await openStream(await sync(['fail']), {})));
    expect(events.map(({ event }) => event)).toEqual(['run', 'result']);
    expect(wire.syncAnswer.parse(events.at(-1)?.data).result).toMatchObject({
      status: 'failed',
      output: null,
    });
  });

  test('refuses as usual, before the stream begins', async () => {
    const connector = await sync(['storyteller']);
    const response = await openStream({ url: connector.url, secret: 'wrong' }, {});
    expect(response.status).toBe(401);
    expect(wire.refusal.parse(await response.json()).code).toBe('unauthorized');
  });
});
