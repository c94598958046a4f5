import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type RunningProduct, runProduct } from '../../../test/running-product.ts';
import { Payload } from '../json/json-value.ts';
import type { AgentTrigger } from '../ports/agent-executor.ts';
import type { RunRecord } from './run.ts';
import { startRun } from './start-run.ts';
import { triggerAgent } from './trigger-agent.ts';

let product: RunningProduct;
let run: RunRecord;

beforeAll(async () => {
  product = await runProduct();
  const { engine } = product;
  const started = await startRun(engine, 'tester', 'echo', Payload.of({}));
  if (started.outcome === 'refused') throw new Error(started.detail);
  run = await engine.signals.whenEnded(started.runId, AbortSignal.timeout(30_000));
});

afterAll(() => product.stop());

const never = new AbortController().signal;
const shout: AgentTrigger = {
  agentName: 'shout',
  payloadText: '{"message":"hello"}',
  occurrence: 0,
  when: {},
  waitSeconds: 30,
};

test('a call that is repeated because its run is executed again finds the run that it started', async () => {
  const first = await triggerAgent(product.engine, run, shout, never);
  const again = await triggerAgent(product.engine, run, shout, never);
  expect(first).toMatchObject({ outcome: 'started', status: 'completed', output: 'HELLO' });
  expect(again).toEqual(first);
});

test('another call of the run starts another run, even an equal one', async () => {
  const [first, second, other] = await Promise.all([
    triggerAgent(product.engine, run, shout, never),
    triggerAgent(product.engine, run, { ...shout, occurrence: 1 }, never),
    triggerAgent(product.engine, { ...run, runId: run.triggerId }, shout, never),
  ]);
  const ids = [first, second, other].map((one) => (one.outcome === 'started' ? one.runId : ''));
  expect(new Set(ids).size).toBe(3);
});

test('a cancelled run waits for nothing', async () => {
  const wait = { ...shout, agentName: 'wait', payloadText: '{"ms":20000}' };
  const triggered = await triggerAgent(product.engine, run, wait, AbortSignal.timeout(200));
  expect(triggered).toMatchObject({ outcome: 'started', output: null });
});

test('over capacity, nothing is started', async () => {
  const full = await runProduct({ settings: { maxQueuedRuns: 0 } });
  await expect(triggerAgent(full.engine, run, shout, never)).rejects.toThrow(
    'Too many runs are queued. Try again later.',
  );
  await full.stop();
});

test('over a budget that refuses triggers, the call is refused with the reason', async () => {
  const limited = await runProduct();
  const draft = { name: 'few', measure: 'runs', period: 'month', limit: 1, on_limit: 'refuse' };
  const scope = { type: 'agent', id: 'shout' };
  const made = await limited.call('POST', '/budgets', { ...draft, scope });
  expect([made.status, made.text]).toEqual([201, made.text]);
  expect(await triggerAgent(limited.engine, run, shout, never)).toMatchObject({ status: 'completed' });
  expect(await triggerAgent(limited.engine, run, { ...shout, occurrence: 1 }, never)).toEqual({
    outcome: 'refused',
    reason: expect.stringMatching(
      /^The budget "few" \(1 run a month\) is used up; it starts over at .* UTC\. Nothing was started\.$/,
    ),
  });
  await limited.stop();
});
