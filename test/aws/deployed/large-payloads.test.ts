import { expect, test } from '@jest/globals';
import { makeFlow, trigger } from '../../scenarios/flow.ts';
import { sendJson } from '../../scenarios/sender.ts';
import { useTarget } from '../../scenarios/target.ts';
import * as wire from '../../scenarios/wire.ts';

const target = useTarget();
const { operator } = target;

/** Too large for a record, however it is compressed: it lies in the bucket. */
const payload = { text: Array.from({ length: 300_000 }, () => Math.random().toString(36).at(-1)).join('') };

test('a payload that lies in the bucket comes through every step whole', async () => {
  const { receiver, inbound } = await makeFlow(target, { agent: 'echo' });
  const runId = await trigger(inbound, payload);
  await operator.deliveryOf(runId, ({ status }) => status === 'delivered');
  expect((await operator.run(runId)).payload).toEqual(payload);
  const envelope = wire.runEnvelope.parse(JSON.parse(receiver.requests[0]?.body.toString() ?? ''));
  expect(JSON.parse(envelope.output ?? '')).toEqual(payload);
});

test('and through a sync webhook', async () => {
  const sync = await operator.createConnector({ mode: 'sync', agents: ['echo'] });
  const { result } = wire.syncAnswer.parse((await sendJson(sync, payload)).json);
  expect(JSON.parse(result.output ?? '')).toEqual(payload);
});

test('and from the hand of an operator', async () => {
  const run = await operator.ended(await operator.startRun('echo', payload));
  expect(JSON.parse(run.output ?? '')).toEqual(payload);
});
