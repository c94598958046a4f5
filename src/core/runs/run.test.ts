import { describe, expect, test } from '@jest/globals';
import { sampleRun } from '../../../test/connectors/sample-records.ts';
import { Payload } from '../json/json-value.ts';
import { runEnvelope } from './run.ts';

describe('the run envelope', () => {
  test('of a completed run has its output', () => {
    expect(runEnvelope(sampleRun)).toEqual({
      run_id: sampleRun.runId,
      agent_name: 'greeter',
      status: 'completed',
      output: 'Hello to you.',
      error: null,
      started_at: '2026-11-22T08:59:58.000Z',
      ended_at: '2026-11-22T08:59:59.000Z',
      token_usage: { input_tokens: 12, output_tokens: 5, total_tokens: 17 },
    });
  });

  test('of a failed run has its error as one sentence', () => {
    const error = { code: 'tool-error', message: 'The tool failed.' };
    expect(runEnvelope({ ...sampleRun, status: 'failed', output: null, error })).toMatchObject({
      status: 'failed',
      output: null,
      error: 'The tool failed.',
    });
  });

  test('of a run that never started and used no model has no start and no tokens', () => {
    expect(
      runEnvelope({ ...sampleRun, status: 'cancelled', startedAt: null, tokenUsage: null }),
    ).toMatchObject({
      started_at: null,
      token_usage: { input_tokens: 0, output_tokens: 0, total_tokens: 0 },
    });
  });

  test('tells nothing of the payload and the context', () => {
    const run = {
      ...sampleRun,
      payload: Payload.of({ card: 'confidential' }),
      context: { user: 'confidential' },
    };
    expect(JSON.stringify(runEnvelope(run))).not.toContain('confidential');
  });
});
