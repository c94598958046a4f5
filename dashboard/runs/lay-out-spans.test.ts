import { describe, expect, test } from '@jest/globals';
import type { WireSpan } from '../../src/api/contract/run.ts';
import { guardrailOutcome, layOutSpans, stepEnd } from './lay-out-spans.ts';

function span(id: string, parent: string | null, fromMs: number, endMs: number | null): WireSpan {
  const at = (ms: number) => new Date(1_700_000_000_000 + ms).toISOString();
  return {
    span_id: id,
    parent_span_id: parent,
    name: id,
    kind: 'step',
    started_at: at(fromMs),
    ended_at: endMs === null ? null : at(endMs),
    duration_ms: endMs === null ? null : endMs - fromMs,
    status: endMs === null ? 'running' : 'ok',
    error: null,
    attributes: {},
  };
}

/** When these tests' spans start, in Unix ms. */
const startMs = 1_700_000_000_000;

describe('the waterfall', () => {
  test.each([
    ['RunCancelled', 'cancelled'],
    ['RunHeld', 'held'],
    ['timeout', 'failed'],
  ])('a step that ended with %s is %s', (type, end) => {
    const ended: WireSpan = { ...span('a', null, 0, 1), status: 'error', attributes: { 'error.type': type } };
    expect(stepEnd(ended)).toBe(end);
    expect(stepEnd(span('a', null, 0, 1))).toBeNull();
    expect(stepEnd(span('a', null, 0, null))).toBeNull();
  });

  test.each([
    ['blocked', 'blocked'],
    ['passed', null],
  ])('a guardrail that has %s says %s', (status, outcome) => {
    const guardrail: WireSpan = { ...span('a', null, 0, 1), attributes: { 'guardrail.status': status } };
    expect(guardrailOutcome({ ...guardrail, kind: 'guardrail' })).toBe(outcome);
    expect(guardrailOutcome(guardrail)).toBeNull();
  });

  test('a step that goes on grows with the time, beyond all that have ended', () => {
    const spans = [span('run', null, 0, null), span('done', 'run', 0, 100)];
    const at = (now: number) => layOutSpans(spans, startMs + now);
    expect(at(400)).toMatchObject({ totalMs: 400, rows: [{ durationMs: 400 }, { length: 0.25 }] });
    expect(at(1_000)).toMatchObject({ totalMs: 1_000, rows: [{ durationMs: 1_000 }, { length: 0.1 }] });
  });

  test('steps stand below the one that they belong to, in the order of their beginning', () => {
    const spans = [
      span('b', 'run', 50, 100),
      span('a1', 'a', 10, 20),
      span('run', null, 0, 100),
      span('a', 'run', 0, 50),
    ];
    const { rows, totalMs } = layOutSpans(spans, startMs);
    expect(totalMs).toBe(100);
    expect(
      rows.map(({ span: { span_id }, depth, start, length }) => [span_id, depth, start, length]),
    ).toEqual([
      ['run', 0, 0, 1],
      ['a', 1, 0, 0.5],
      ['a1', 2, 0.1, 0.1],
      ['b', 1, 0.5, 0.5],
    ]);
  });

  test('a step that goes on reaches to the end, and one whose parent is missing is not lost', () => {
    const { rows } = layOutSpans(
      [span('run', null, 0, 100), span('now', 'run', 40, null), span('orphan', 'gone', 60, 70)],
      startMs + 100,
    );
    expect(rows.map(({ span: { span_id }, depth, durationMs }) => [span_id, depth, durationMs])).toEqual([
      ['run', 0, 100],
      ['now', 1, 60],
      ['orphan', 0, 10],
    ]);
  });

  test('a single moment has a length, too', () => {
    expect(layOutSpans([span('run', null, 0, 0)], startMs)).toMatchObject({
      totalMs: 1,
      rows: [{ start: 0, length: 0 }],
    });
  });
});
