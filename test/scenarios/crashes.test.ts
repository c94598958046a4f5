import { describe, expect, test } from '@jest/globals';
import { eventually } from './eventually.ts';
import { makeFlow, trigger } from './flow.ts';
import { sendJson } from './sender.ts';
import { useTarget } from './target.ts';
import * as wire from './wire.ts';

const target = useTarget();
const { operator } = target;

describe('after everything that executes was killed', () => {
  test('a trigger that is sent again is still one trigger', async () => {
    const connector = await operator.createConnector({ mode: 'inbound', agents: ['echo'] });
    const key = { 'idempotency-key': 'order-4' };
    const first = await sendJson(connector, { n: 1 }, key);
    // A run that is killed here would come back minutes later, in the middle of another test of the same system.
    for (const runId of wire.inboundAnswer.parse(first.json).run_ids) await operator.ended(runId);
    await target.crash();
    const repeat = await eventually('the repeat to be answered', async () => {
      const answer = await sendJson(connector, { n: 1 }, key);
      return answer.status === 200 && answer;
    });
    expect(repeat.headers.get('idempotent-replayed')).toBe('true');
    expect(wire.inboundAnswer.parse(repeat.json)).toEqual(first.json);
    expect((await operator.runs(`connector=${connector.id}`)).items).toHaveLength(1);
  });

  test('the attempts that were due later are made, and those made before are still recorded', async () => {
    const { receiver, inbound } = await makeFlow(target, { agent: 'echo' });
    const later = { status: 503, headers: { 'retry-after': '10' } };
    receiver.answer((_request, count) => (count === 1 ? later : { status: 200 }));
    const runId = await trigger(inbound);
    const before = await operator.deliveryOf(runId, ({ attempts }) => attempts.length > 0);
    await target.crash();
    const after = await operator.deliveryOf(runId, ({ status }) => status === 'delivered');
    expect(after.attempts).toHaveLength(2);
    expect(after.attempts[0]).toEqual(before.attempts[0]);
    expect(receiver.requests.map(({ headers }) => headers['webhook-id'])).toEqual([
      before.delivery_id,
      before.delivery_id,
    ]);
  });
});
