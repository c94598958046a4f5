import type { WireSpan } from '../../src/api/contract/run.ts';

export interface SpanRow {
  readonly span: WireSpan;
  /** The number of ancestors. */
  readonly depth: number;
  /** Where the bar starts, as a share of the total time. */
  readonly start: number;
  /** The bar's length, as a share of the total time. */
  readonly length: number;
  readonly durationMs: number;
}

/** How a step ended that did not succeed. */
export type StepEnd = 'failed' | 'cancelled' | 'held';

/** By the `error.type` of what ended steps although nothing was wrong with them. */
const endsWithoutFault: Readonly<Record<string, StepEnd>> = { RunCancelled: 'cancelled', RunHeld: 'held' };

/** @returns `null` for a step that succeeded, or goes on */
export function stepEnd({ status, attributes }: WireSpan): StepEnd | null {
  return status === 'error' ? (endsWithoutFault[String(attributes['error.type'])] ?? 'failed') : null;
}

/** @returns what a guardrail did to a text that did not pass; `null` for every other step */
export function guardrailOutcome({ kind, attributes }: WireSpan): string | null {
  const outcome = kind === 'guardrail' ? attributes['guardrail.status'] : undefined;
  return typeof outcome === 'string' && outcome !== 'passed' ? outcome : null;
}

/**
 * Spans as rows, each below its parent, in order of their start.
 *
 * @param now Unix ms: where the bars of unfinished spans end
 */
export function layOutSpans(spans: readonly WireSpan[], now: number): { rows: SpanRow[]; totalMs: number } {
  const beginnings = spans.map(({ started_at }) => Date.parse(started_at));
  const from = Math.min(...beginnings);
  const ends = spans.map(({ ended_at }) => (ended_at === null ? now : Date.parse(ended_at)));
  const until = Math.max(...ends, ...beginnings);
  const totalMs = Math.max(1, until - from);
  const known = new Set(spans.map(({ span_id }) => span_id));
  const parentOf = ({ parent_span_id: id }: WireSpan) => (id !== null && known.has(id) ? id : null);
  const children = Map.groupBy(
    spans.toSorted((one, other) => Date.parse(one.started_at) - Date.parse(other.started_at)),
    parentOf,
  );
  const rowsBelow = (parent: string | null, depth: number): SpanRow[] =>
    (children.get(parent) ?? []).flatMap((span) => {
      const endMs = span.ended_at === null ? until : Date.parse(span.ended_at);
      const durationMs = Math.max(0, endMs - Date.parse(span.started_at));
      const start = (Date.parse(span.started_at) - from) / totalMs;
      return [
        { span, depth, start, length: durationMs / totalMs, durationMs },
        ...rowsBelow(span.span_id, depth + 1),
      ];
    });
  return { rows: rowsBelow(null, 0), totalMs };
}
