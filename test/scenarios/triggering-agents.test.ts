import { describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { eventually } from './eventually.ts';
import { useTarget } from './target.ts';
import * as wire from './wire.ts';

const target = useTarget();
const { operator } = target;

/** Runs the dispatcher with lines for the demo model, and returns its ended run and the runs that it started. */
async function dispatch(...lines: readonly string[]) {
  const run = await operator.ended(await operator.startRun('dispatcher', { message: lines.join('\n') }));
  expect(run).toMatchObject({ status: 'completed', error: null });
  const ids = (run.output?.match(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g) ?? []).filter(
    (id) => id !== run.run_id,
  );
  return { run, started: [...new Set(ids)] };
}

const call = (tool: string, input: object) => `call ${tool} ${JSON.stringify(input)}`;
const shout = { agent_name: 'shout', payload: { message: 'hello' } };

const runList = z.looseObject({ items: z.array(wire.runSummary) });

/** What a tool told the model, or why its call was refused. */
function told(run: z.infer<typeof wire.run>): string {
  const span = toolSpans.parse(run).spans.find(({ kind }) => kind === 'tool');
  if (span?.error) return span.error;
  const result = span?.attributes['gen_ai.tool.call.result'];
  return typeof result === 'string' ? refusal.parse(JSON.parse(result)).reason : '';
}
const refusal = z.looseObject({ reason: z.string() });
const toolSpans = z.looseObject({
  spans: z.array(
    z.looseObject({
      kind: z.string(),
      error: z.string().nullable(),
      attributes: z.record(z.string(), z.unknown()),
    }),
  ),
});

describe('an agent that triggers another', () => {
  test('gets its answer, and the run that it started knows what led to it', async () => {
    const { run, started } = await dispatch(call('trigger_agent', shout));
    expect(run.output).toContain('HELLO');
    expect(started).toHaveLength(1);
    expect(await operator.run(started[0] ?? '')).toMatchObject({
      status: 'completed',
      agent_name: 'shout',
      connector_id: null,
      parent_run_id: run.run_id,
      chain: [run.run_id],
      depth: 1,
    });
  });

  test('goes on at once if it does not wait, and equal calls start a run each', async () => {
    const without = { ...shout, wait_for_response: false };
    const { started } = await dispatch(call('trigger_agent', without), call('trigger_agent', without));
    expect(started).toHaveLength(2);
    for (const id of started) expect(await operator.ended(id)).toMatchObject({ output: 'HELLO' });
  });

  test('schedules a run for later', async () => {
    const { started } = await dispatch(call('trigger_agent_at', { ...shout, delay_seconds: 3_600 }));
    expect(await operator.run(started[0] ?? '')).toMatchObject({ status: 'scheduled', depth: 1 });
    await operator.call('POST', `/runs/${started[0]}/cancel`);
  });

  test('is told when its wait is over, and the run continues', async () => {
    const slow = { agent_name: 'wait', payload: { ms: 4_000 }, timeout_seconds: 1 };
    const { run, started } = await dispatch(call('trigger_agent', slow));
    expect(run.output).toMatch(/queued|running/);
    await eventually(
      'the run to end',
      async () => (await operator.run(started[0] ?? '')).status === 'completed',
    );
  });

  test.each([
    [
      'trigger_agent',
      { agent_name: 'shuot', payload: {} },
      'There is no agent named "shuot". Did you mean "shout"?',
    ],
    ['trigger_agent_at', { ...shout }, 'Give at or delay_seconds.'],
    ['trigger_agent_at', { ...shout, at: 'soon' }, 'at must be a time, such as 2026-12-24T18:00:00Z.'],
    ['trigger_agent_at', { ...shout, at: '2020-01-01T00:00:00Z' }, 'at: is in the past. Give a later time.'],
    ['trigger_agent', { agent_name: 'shout' }, 'The arguments do not fit'],
  ])('%s of %j tells the model what is wrong', async (tool, input, sentence) => {
    const { run, started } = await dispatch(call(tool, input));
    expect(told(run)).toContain(sentence);
    expect(started).toEqual([]);
  });

  test('ends after ten runs in a row', async () => {
    const again = (depth: number): object =>
      depth === 0
        ? { agent_name: 'dispatcher', payload: { message: 'say the end' } }
        : { agent_name: 'dispatcher', payload: { message: call('trigger_agent', again(depth - 1)) } };
    const { run } = await dispatch(call('trigger_agent', again(11)));
    const list = runList.parse((await operator.call('GET', '/runs?agent=dispatcher&limit=30')).json);
    const runs = await Promise.all(list.items.map(({ run_id: id }) => operator.run(id)));
    const deepest = runs.find((one) => one['depth'] === 10);
    expect(deepest).toMatchObject({ chain: [run.run_id, ...Array(9).fill(expect.any(String))] });
    expect(told(deepest ?? run)).toContain('11 runs led to this event, each to the next, and 10 are allowed');
  });
});
