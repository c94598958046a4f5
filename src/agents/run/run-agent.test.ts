import { describe, expect, test } from '@jest/globals';
import { errorOf, runOne, toolAgent } from '../../../test/agents/run-one.ts';

describe('a run', () => {
  const never = () => new Promise(() => undefined);

  test('ends at its timeout, with what was open marked in the trace', async () => {
    const outcome = await runOne({
      agents: [toolAgent('slow', 't.never', { timeoutSeconds: 0.5 })],
      tools: {
        't.never': (_: unknown, context) => {
          context.progress = 'half';
          return never();
        },
      },
    });
    expect(errorOf(outcome)).toEqual({
      code: 'timeout',
      message: 'The agent "slow" did not end within 0.5 seconds.',
    });
    expect(outcome.trace.spans.every(({ status, endedAt }) => status === 'error' && endedAt !== null)).toBe(
      true,
    );
    expect(outcome.context).toEqual({ progress: 'half' });
  });

  test('ends at the next await when it is cancelled, and its tools see it', async () => {
    const cancellation = new AbortController();
    let signal: AbortSignal | null = null;
    const outcome = await runOne({
      agents: [toolAgent('slow', 't.never')],
      tools: {
        't.never': (_: unknown, context) => {
          signal = context.signal;
          cancellation.abort();
          return never();
        },
      },
      hooks: { signal: cancellation.signal },
    });
    expect(outcome.outcome).toBe('cancelled');
    expect(signal).toMatchObject({ aborted: true });
  });

  test('never starts when it was cancelled before', async () => {
    let reached = false;
    const outcome = await runOne({
      agents: [toolAgent('one', 't.one')],
      tools: {
        't.one': async () => {
          reached = true;
        },
      },
      hooks: { signal: AbortSignal.abort() },
    });
    expect([outcome.outcome, reached]).toEqual(['cancelled', false]);
  });

  test('fails for an agent or a tool that the project does not have', async () => {
    const missingAgent = await runOne({ agents: [toolAgent('one', 'a.b')], request: { agentName: 'two' } });
    expect(errorOf(missingAgent).code).toBe('agent-missing');
    const missingTool = await runOne({ agents: [toolAgent('one', 'toString.call')] });
    expect(errorOf(missingTool).message).toBe('The project has no tool named "toString.call".');
  });

  test('keeps in its context what JSON can carry, and names the rest', async () => {
    const outcome = await runOne({
      agents: [toolAgent('one', 't.one')],
      tools: {
        't.one': async (_: unknown, context) => {
          Object.assign(context, { customer: { id: 7 }, socket: () => undefined, gone: undefined });
        },
      },
      request: { context: { source: 'webhook' } },
    });
    expect(outcome.context).toEqual({ source: 'webhook', customer: { id: 7 } });
    expect(outcome.warnings).toEqual([
      '"socket" of the context is not kept with the run: JSON cannot represent it.',
    ]);
  });

  test('does not let a tool change what the run is', async () => {
    const outcome = await runOne({
      agents: [toolAgent('one', 't.one')],
      tools: {
        't.one': async (_: unknown, context) => {
          Object.assign(context, { run_id: 'another' });
        },
      },
    });
    expect(errorOf(outcome).message).toContain('Cannot assign to read only property');
  });
});
