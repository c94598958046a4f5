import { describe, expect, test } from '@jest/globals';
import { sampleConnector, sampleRun } from '../../test/connectors/sample-records.ts';
import type { AcceptedTrigger } from '../core/connectors/accepted-trigger.ts';
import { type RefusalReason, refusalReasons } from '../core/connectors/refusal-reason.ts';
import type { Run } from '../core/runs/run.ts';
import { acceptedAnswer, endedAnswer, refusalAnswer } from './http-answers.ts';

const statuses: Record<RefusalReason, number> = {
  malformed: 400,
  unauthorized: 401,
  'unknown-connector': 401,
  'origin-not-allowed': 403,
  'method-not-allowed': 405,
  'no-linked-agents': 409,
  'too-large': 413,
  'unsupported-media-type': 415,
  'idempotency-mismatch': 422,
  'connector-disabled': 423,
  'rate-limited': 429,
  'too-deep': 422,
  'input-invalid': 422,
  'budget-reached': 429,
  unavailable: 503,
};

function accepted(runIds: readonly string[], repeated = false): AcceptedTrigger {
  return {
    outcome: 'accepted',
    connector: sampleConnector('webhook', 'sync', {}),
    runIds,
    repeated,
    waits: false,
    held: null,
  };
}

function ended(...runs: readonly Run[]) {
  return { outcome: 'ended', runs } as const;
}

describe('a refusal', () => {
  test.each(refusalReasons)('%s has its own status and says why', (reason) => {
    const { status, headers, body } = refusalAnswer({ outcome: 'refused', reason, detail: 'Because.' });
    expect(status).toBe(statuses[reason]);
    expect(headers['content-type']).toBe('application/json');
    const { detail, code } = JSON.parse(body);
    expect(detail).toBe('Because.');
    expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/);
  });

  test('of an unknown connector is the answer to wrong credentials', () => {
    const answer = (reason: RefusalReason) => refusalAnswer({ outcome: 'refused', reason, detail: 'No.' });
    expect(answer('unknown-connector')).toEqual(answer('unauthorized'));
  });

  test('names the allowed methods, and the way to authenticate', () => {
    const headersOf = (reason: RefusalReason) =>
      refusalAnswer({ outcome: 'refused', reason, detail: '.' }).headers;
    expect(headersOf('method-not-allowed')['allow']).toBe('GET, HEAD, OPTIONS, POST');
    expect(headersOf('unauthorized')['www-authenticate']).toBe('Bearer');
  });

  test('says in whole seconds when to come back', () => {
    const retryAfter = (retryAfterSeconds: number) =>
      refusalAnswer({ outcome: 'refused', reason: 'rate-limited', detail: '.', retryAfterSeconds }).headers[
        'retry-after'
      ];
    expect(retryAfter(1.2)).toBe('2');
    expect(retryAfter(0)).toBe('1');
  });
});

describe('an inbound answer', () => {
  test('names the runs', () => {
    const { status, headers, body } = acceptedAnswer(accepted(['a', 'b']));
    expect(status).toBe(200);
    expect(headers).not.toHaveProperty('idempotent-replayed');
    expect(JSON.parse(body)).toEqual({ status: 'ok', dispatched_to: 2, run_ids: ['a', 'b'] });
  });

  test('says that it is a repeat', () => {
    expect(acceptedAnswer(accepted(['a'], true)).headers).toMatchObject({ 'idempotent-replayed': 'true' });
  });
});

describe('a sync answer', () => {
  test('has the result of the one agent', () => {
    const { status, body } = endedAnswer(accepted([sampleRun.runId]), ended(sampleRun));
    expect(status).toBe(200);
    expect(JSON.parse(body)).toEqual({
      status: 'ok',
      result: {
        run_id: sampleRun.runId,
        agent_name: 'greeter',
        status: 'completed',
        output: 'Hello to you.',
        error: null,
      },
    });
  });

  test('is 200 for a failed run too, with its error and no output', () => {
    const failed: Run = {
      ...sampleRun,
      status: 'failed',
      output: 'half of it',
      error: { code: 'tool-error', message: 'The tool failed.' },
    };
    const { status, body } = endedAnswer(accepted([failed.runId]), ended(failed));
    expect(status).toBe(200);
    expect(JSON.parse(body)).toMatchObject({
      status: 'ok',
      result: { status: 'failed', output: null, error: 'The tool failed.' },
    });
  });

  test('lists all results in link order where there are several', () => {
    const second: Run = { ...sampleRun, runId: 'b', agentName: 'second' };
    const { result, results } = JSON.parse(endedAnswer(accepted(['a', 'b']), ended(sampleRun, second)).body);
    expect(results).toMatchObject([{ agent_name: 'greeter' }, { agent_name: 'second' }]);
    expect(result).toEqual(results[0]);
  });

  test.each(['queued', 'running'] as const)(
    'is 202 at the deadline, and tells where a %s run is',
    (status) => {
      const going: Run = { ...sampleRun, status, output: null, endedAt: null };
      const answer = endedAnswer(accepted([going.runId]), { ...ended(going), outcome: 'timeout' });
      expect(answer.status).toBe(202);
      expect(answer.headers['location']).toBe(`/api/v1/runs/${going.runId}`);
      expect(JSON.parse(answer.body)).toMatchObject({
        status: 'timeout',
        result: { run_id: going.runId, status: 'running', output: null, error: null },
      });
    },
  );

  test.each(['paused', 'held'] as const)('is 202 for a run that is %s, and says so', (outcome) => {
    const waiting: Run = { ...sampleRun, status: 'queued', output: null, endedAt: null };
    const answer = endedAnswer(accepted([waiting.runId]), { ...ended(waiting), outcome });
    expect(answer.status).toBe(202);
    expect(answer.headers['location']).toBe(`/api/v1/runs/${waiting.runId}`);
    expect(JSON.parse(answer.body)).toMatchObject({ status: outcome, result: { status: 'queued' } });
  });
});
