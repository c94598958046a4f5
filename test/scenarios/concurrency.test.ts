import { describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { eventually } from './eventually.ts';
import { sendJson } from './sender.ts';
import { useTarget } from './target.ts';
import * as wire from './wire.ts';

const target = useTarget();
const { operator } = target;

/** For a run that has to be seen running and is cancelled then: longer than a test may take, within its agent's 300 s. */
const heldMs = 240_000;

/** How many of the runs had their tool at work at the same moment, at most. */
function mostAtOnce(runs: readonly wire.Run[]): number {
  const calls = runs.flatMap((run) => run.spans.filter(({ kind }) => kind === 'tool'));
  expect(calls).toHaveLength(runs.length);
  const moments = calls.flatMap((call) => [
    { at: Date.parse(call.started_at), change: 1 },
    { at: Date.parse(call.ended_at ?? ''), change: -1 },
  ]);
  moments.sort((one, other) => one.at - other.at || one.change - other.change);
  let going = 0;
  let most = 0;
  for (const { change } of moments) {
    going += change;
    most = Math.max(most, going);
  }
  return most;
}

const payloadOfOrder = z.looseObject({ order: z.object({ id: z.number() }) });

function orderOf(payload: unknown): number {
  return payloadOfOrder.parse(payload).order.id;
}

async function trigger(agent: string, payloads: readonly unknown[]) {
  const connector = await operator.createConnector({ mode: 'inbound', agents: [agent] });
  const answers = await Promise.all(payloads.map((payload) => sendJson(connector, payload)));
  const runIds = answers.flatMap((answer) => wire.inboundAnswer.parse(answer.json).run_ids);
  return Promise.all(runIds.map((runId) => operator.ended(runId)));
}

describe('an agent with a limit', () => {
  test('runs no more at once than it allows; the others wait and all complete', async () => {
    const runs = await trigger('single-file', Array(6).fill({ ms: 60 }));
    expect(runs.map((run) => run.status)).toEqual(Array(6).fill('completed'));
    expect(mostAtOnce(runs)).toBe(1);
    expect(runs.every((run) => run.attempts === 1)).toBe(true);
  });

  test('runs one of each key at once, and different keys side by side', async () => {
    const door = await target.startReceiver();
    door.answer(() => ({ status: 503 }));
    const payloads = [1, 2, 1, 2, 1, 2].map((id) => ({ until: door.url, order: { id } }));
    const ended = trigger('held-per-order', payloads);
    await eventually('a run of each key to go on', async () => {
      const { items } = await operator.runs('agent=held-per-order&status=running');
      return items.length === 2;
    });
    door.answer(() => ({ status: 200 }));
    const runs = await ended;
    expect(runs.map((run) => run.status)).toEqual(Array(6).fill('completed'));
    for (const id of [1, 2]) {
      expect(mostAtOnce(runs.filter((run) => orderOf(run.payload) === id))).toBe(1);
    }
    expect(mostAtOnce(runs)).toBe(2);
  });

  test('drops what comes while a run of the same key goes on, where it says so', async () => {
    const first = await operator.startRun('drop-per-order', { ms: heldMs, order: { id: 'a' } });
    await operator.runIn('running', first);
    const dropped = await operator.ended(
      await operator.startRun('drop-per-order', { ms: 1, order: { id: 'a' } }),
    );
    const other = await operator.ended(
      await operator.startRun('drop-per-order', { ms: 1, order: { id: 'b' } }),
    );
    expect(dropped).toMatchObject({ status: 'cancelled', error: { code: 'concurrency-dropped' } });
    expect(other.status).toBe('completed');
    expect((await operator.run(first)).status).toBe('running');
    await operator.call('POST', `/runs/${first}/cancel`);
    await operator.runIn('cancelled', first);
    const later = await operator.ended(
      await operator.startRun('drop-per-order', { ms: 1, order: { id: 'a' } }),
    );
    expect(later.status).toBe('completed');
  });

  test('does not hold up other agents', async () => {
    const held = await Promise.all(
      Array.from({ length: 5 }, () => operator.startRun('single-file', { ms: heldMs })),
    );
    const other = await operator.ended(await operator.startRun('shout', { message: 'quick' }));
    expect(other.status).toBe('completed');
    const statuses = (await Promise.all(held.map((runId) => operator.run(runId)))).map((run) => run.status);
    expect(statuses.filter((status) => status !== 'running')).toEqual(
      Array(statuses.includes('running') ? 4 : 5).fill('queued'),
    );
    await Promise.all(held.map((runId) => operator.call('POST', `/runs/${runId}/cancel`)));
  });
});
