import { describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { type StreamEvent, watchEvents } from './event-stream.ts';
import { eventually } from './eventually.ts';
import { sendJson } from './sender.ts';
import { useTarget } from './target.ts';
import * as wire from './wire.ts';

const target = useTarget();
const { operator } = target;

/** For a run that has to be seen running and is cancelled then: longer than a test may take, within its agent's 300 s. */
const heldMs = 240_000;

describe('a run that an operator cancels', () => {
  test('never starts where it is queued', async () => {
    const running = await operator.startRun('single-file', { ms: heldMs });
    await operator.runIn('running', running);
    const queued = await operator.startRun('single-file', { ms: 1 });
    expect((await operator.call('POST', `/runs/${queued}/cancel`)).status).toBeLessThan(300);
    expect(await operator.run(queued)).toMatchObject({ status: 'cancelled', started_at: null, attempts: 0 });
    await operator.call('POST', `/runs/${running}/cancel`);
    await operator.runIn('cancelled', running);
  });

  test('is aborted at its next await where it is running', async () => {
    const runId = await operator.startRun('wait', { ms: heldMs });
    await operator.runIn('running', runId);
    expect((await operator.call('POST', `/runs/${runId}/cancel`)).status).toBeLessThan(300);
    expect(await operator.runIn('cancelled', runId)).toMatchObject({ output: null });
  });

  test('stays as it is where it has ended', async () => {
    const runId = await operator.startRun('shout', { message: 'done' });
    const before = await operator.ended(runId);
    const answer = await operator.call('POST', `/runs/${runId}/cancel`);
    expect(answer.status).toBe(409);
    expect(wire.refusal.parse(answer.json)).toBeDefined();
    expect(await operator.run(runId)).toEqual(before);
  });
});

describe('a run', () => {
  test('is run again as a new run with the same payload', async () => {
    const first = await operator.ended(await operator.startRun('shout', { message: 'again' }));
    const answer = await operator.call('POST', `/runs/${first.run_id}/run-again`);
    expect(answer.status).toBe(202);
    const { run_id: secondId } = z.looseObject({ run_id: z.uuid() }).parse(answer.json);
    const second = await operator.ended(secondId);
    expect(second.run_id).not.toBe(first.run_id);
    expect(second).toMatchObject({ parent_run_id: first.run_id, payload: first.payload, output: 'AGAIN' });
    expect(await operator.run(first.run_id)).toEqual(first);
  });

  test('that its agent fails is not tried again, and says why', async () => {
    const run = await operator.ended(await operator.startRun('fail', { reason: 'no such customer' }));
    expect(run).toMatchObject({ status: 'failed', attempts: 1, output: null });
    expect(run.error).toMatchObject({
      code: 'tool-error',
      message: expect.stringContaining('no such customer'),
    });
    expect(run.error?.message).not.toMatch(/\n\s+at /);
  });

  test('that takes longer than its agent may fails as a timeout', async () => {
    const run = await operator.ended(await operator.startRun('overslept', { ms: 25_000 }));
    expect(run).toMatchObject({ status: 'failed', error: { code: 'timeout' } });
  });

  test('keeps at most 500 lines of what its code writes, with level, source and time', async () => {
    const run = await operator.ended(await operator.startRun('chatty', { lines: 900 }));
    expect(run.status).toBe('completed');
    expect(run.logs).toHaveLength(500);
    expect(run.logs[0]).toMatchObject({ level: 'info', source: 'tool:trouble.chatty', message: 'line 1' });
  });

  test('has a trace whose spans name what was called', async () => {
    const run = await operator.ended(await operator.startRun('storyteller', { message: 'hello' }));
    expect(run.status).toBe('completed');
    expect(run.spans.map((span) => span.kind)).toEqual(expect.arrayContaining(['run', 'agent', 'model']));
    expect(run.spans.every((span) => span.status === 'ok')).toBe(true);
  });

  test('of an agent that does not exist is refused', async () => {
    const answer = await operator.call('POST', '/agents/nobody/runs', { payload: {} });
    expect(answer.status).toBe(404);
    expect(wire.refusal.parse(answer.json).detail).toContain('nobody');
  });
});

describe('the list of runs', () => {
  test('comes page by page, newest first, each run once', async () => {
    const connector = await operator.createConnector({ mode: 'inbound', agents: ['echo', 'shout'] });
    const sent: string[] = [];
    for (let count = 0; count < 12; count++) {
      const answer = await sendJson(connector, { message: `${count}` });
      sent.push(...wire.inboundAnswer.parse(answer.json).run_ids);
    }
    await Promise.all(sent.map((runId) => operator.ended(runId)));
    const listed = await operator.all(wire.runSummary, `/runs?connector=${connector.id}`, 5);
    expect(listed.map((run) => run.run_id).sort()).toEqual([...sent].sort());
    const times = listed.map((run) => run.queued_at);
    expect(times).toEqual([...times].sort().reverse());

    const shouted = await operator.all(wire.runSummary, `/runs?connector=${connector.id}&agent=shout`, 7);
    expect(shouted).toHaveLength(12);
    const middle = times[10] ?? '';
    const before = await operator.all(wire.runSummary, `/runs?connector=${connector.id}&to=${middle}`);
    expect(before.map((run) => run.run_id)).toEqual(
      listed.filter((run) => run.queued_at < middle).map((run) => run.run_id),
    );
    const from = await operator.all(wire.runSummary, `/runs?connector=${connector.id}&from=${middle}`);
    expect(from).toHaveLength(listed.length - before.length);
  });

  test('finds runs by status, by text, and by what middleware put into their context', async () => {
    const connector = await operator.createConnector({ mode: 'inbound', agents: ['annotate', 'fail'] });
    const word = `needle-${connector.id}`;
    const { run_ids } = wire.inboundAnswer.parse((await sendJson(connector, { reason: word })).json);
    const [annotated = '', failed = ''] = run_ids;
    await operator.ended(annotated);
    await operator.ended(failed);
    const search = async (query: string) =>
      (await operator.all(wire.runSummary, `/runs?${query}`)).map((run) => run.run_id);

    expect((await search(`q=${word}`)).sort()).toEqual([...run_ids].sort());
    expect(await search(`q=${word}&status=failed`)).toEqual([failed]);
    expect(await search(`connector=${connector.id}&q=customer%3Dacme`)).toEqual([annotated]);
    expect(await search(`connector=${connector.id}&q=customer%3Dother`)).toEqual([]);
    const queued = `from=${(await operator.run(failed)).queued_at}`;
    expect(await search(`q=${failed}&status=failed&agent=fail&connector=${connector.id}&${queued}`)).toEqual([
      failed,
    ]);
    const others = ['status=completed', 'agent=annotate', 'connector=other', queued.replace('from', 'to')];
    for (const filter of others) expect(await search(`q=${failed}&${filter}`)).toEqual([]);
    expect((await operator.run(annotated)).context).toMatchObject({ customer: 'acme' });
  });

  test.each(['limit=0', 'limit=101', 'limit=x', 'cursor=nonsense', 'status=done', 'from=yesterday'])(
    'refuses %s',
    async (query) => {
      const answer = await operator.call('GET', `/runs?${query}`);
      expect(answer.status).toBe(400);
      expect(wire.refusal.parse(answer.json).code).toMatch(/^invalid-/);
    },
  );
});

/** Whether the word is one of the values in an event's data. */
function mentions(data: unknown, word: string): boolean {
  return JSON.stringify(data).includes(`"${word}"`);
}

describe('the events of the product', () => {
  test('tell what becomes of a run, a delivery and a connector', async () => {
    const receiver = await target.startReceiver();
    const watching = new AbortController();
    const seen: StreamEvent[] = [];
    await watchEvents(
      `${target.baseUrl}/api/v1/events`,
      target.token,
      (event) => seen.push(event),
      watching.signal,
    );
    const config = { url: receiver.url };
    const outbound = await operator.createConnector({ mode: 'outbound', agents: ['count'], config });
    const runId = await operator.startRun('count', { message: 'watched' });
    const { delivery_id } = await operator.deliveryOf(runId, ({ status }) => status === 'delivered');
    const expected = [
      ['connector.updated', outbound.id],
      ['run.updated', runId, 'completed'],
      ['delivery.updated', delivery_id, 'delivered'],
    ];
    await eventually('all events', async () =>
      expected.every(([name, ...words]) =>
        seen.some(({ event, data }) => event === name && words.every((word) => mentions(data, word))),
      ),
    );
    watching.abort();
  });
});
