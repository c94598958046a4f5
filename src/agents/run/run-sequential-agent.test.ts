import { describe, expect, test } from '@jest/globals';
import { errorOf, outputOf, runOne, sequentialAgent, toolAgent } from '../../../test/agents/run-one.ts';

describe('a sequential agent', () => {
  test('gives each agent the output of the one before: JSON as it is, a text as message', async () => {
    const seen: unknown[] = [];
    const note = (output: unknown) => async (input: unknown) => {
      seen.push(input);
      return output;
    };
    const outcome = await runOne({
      agents: [
        sequentialAgent('flow', ['one', 'two', 'three']),
        toolAgent('one', 't.one'),
        toolAgent('two', 't.two'),
        toolAgent('three', 't.three'),
      ],
      tools: { 't.one': note({ id: 1 }), 't.two': note('plain'), 't.three': note('end') },
      request: { payload: { start: true } },
    });
    expect(outputOf(outcome)).toBe('end');
    expect(seen).toEqual([{ start: true }, { id: 1 }, { message: 'plain' }]);
    const steps = outcome.trace.spans.filter(({ kind }) => kind === 'step');
    expect(steps.map(({ name }) => name)).toEqual(['step one', 'step two', 'step three']);
  });

  test('hands on what a step puts into the context, and the whole payload of the run', async () => {
    const outcome = await runOne({
      agents: [sequentialAgent('flow', ['one', 'two']), toolAgent('one', 't.set'), toolAgent('two', 't.get')],
      tools: {
        't.set': async (_: unknown, context) => {
          context.customer = 'Ada';
        },
        't.get': async (_: unknown, { customer, agent_name, payload }) => ({ customer, agent_name, payload }),
      },
    });
    const seen = { customer: 'Ada', agent_name: 'two', payload: { message: 'Hello' } };
    expect(JSON.parse(outputOf(outcome))).toEqual(seen);
    expect(outcome.context).toEqual({ customer: 'Ada' });
  });

  test('fails with the step that failed, and runs none after it', async () => {
    let reached = false;
    const outcome = await runOne({
      agents: [
        sequentialAgent('flow', ['one', 'two']),
        toolAgent('one', 't.fail'),
        toolAgent('two', 't.next'),
      ],
      tools: {
        't.fail': async () => Promise.reject(new Error('broken')),
        't.next': async () => {
          reached = true;
        },
      },
    });
    expect(errorOf(outcome).message).toBe('The tool "t.fail" failed: broken');
    expect(reached).toBe(false);
  });

  test('keeps its own timeout over that of its steps', async () => {
    const outcome = await runOne({
      agents: [sequentialAgent('flow', ['one'], { timeoutSeconds: 0.05 }), toolAgent('one', 't.never')],
      tools: { 't.never': () => new Promise(() => undefined) },
    });
    expect(errorOf(outcome).message).toBe('The agent "flow" did not end within 0.05 seconds.');
  });
});
