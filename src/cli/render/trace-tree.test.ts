import { expect, test } from '@jest/globals';
import pico from 'picocolors';
import type { WireSpan } from '../../api/contract/index.ts';
import { traceTree } from './run-text.ts';

const plain = pico.createColors(false);

function span(
  spanId: string,
  parentSpanId: string | null,
  name: string,
  more: Partial<WireSpan> = {},
): WireSpan {
  return {
    span_id: spanId,
    parent_span_id: parentSpanId,
    name,
    kind: 'step',
    started_at: '2026-11-22T10:00:00.000Z',
    ended_at: '2026-11-22T10:00:01.000Z',
    duration_ms: 1_000,
    status: 'ok',
    error: null,
    attributes: {},
    ...more,
  };
}

test('steps stand below the step that they belong to, with duration, tokens and error', () => {
  const spans = [
    span('1', null, 'run writer'),
    span('2', '1', 'agent writer'),
    span('6', '2', 'guardrail pii', { kind: 'guardrail', attributes: { 'guardrail.status': 'redacted' } }),
    span('7', '2', 'guardrail tone', { kind: 'guardrail', attributes: { 'guardrail.status': 'passed' } }),
    span('3', '2', 'chat gemini-2.5-flash', {
      duration_ms: 340,
      attributes: { 'gen_ai.usage.input_tokens': 312, 'gen_ai.usage.output_tokens': 45 },
    }),
    span('4', '2', 'execute_tool orders.find', { status: 'error', error: 'No such order.' }),
    span('5', '1', 'middleware writer', { ended_at: null, duration_ms: null, status: 'running' }),
  ];
  expect(traceTree(spans, plain).split('\n')).toEqual([
    'run writer  1.0 s',
    '├─ agent writer  1.0 s',
    '│  ├─ guardrail pii  1.0 s  redacted',
    '│  ├─ guardrail tone  1.0 s',
    '│  ├─ chat gemini-2.5-flash  340 ms  312 → 45 tokens',
    '│  └─ execute_tool orders.find  1.0 s  No such order.',
    '└─ middleware writer  running',
  ]);
});

test('a step whose parent is missing is not lost', () => {
  expect(traceTree([span('9', 'gone', 'agent writer')], plain)).toBe('agent writer  1.0 s');
});
