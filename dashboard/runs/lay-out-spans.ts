import type { WireSpan } from '../../src/api/contract/run.ts';

export interface SpanRow {
  readonly span: WireSpan;
  /** Steps above it. */
  readonly depth: number;
  /** Where its bar begins, as a share of the whole time. */
  readonly start: number;
  /** How long its bar is, as a share of the whole time. */
  readonly length: number;
  readonly durationMs: number;
}

/** Spans as rows, each below the step that it belongs to, in the order of their beginning. */
export function layOutSpans(spans: readonly WireSpan[]): { rows: SpanRow[]; totalMs: number } {
  const beginnings = spans.map(({ started_at }) => Date.parse(started_at));
  const from = Math.min(...beginnings);
  const until = Math.max(...spans.map(endOf), ...beginnings);
  const totalMs = Math.max(1, until - from);
  const known = new Set(spans.map(({ span_id }) => span_id));
  const parentOf = ({ parent_span_id: id }: WireSpan) => (id !== null && known.has(id) ? id : null);
  const children = Map.groupBy(
    spans.toSorted((one, other) => Date.parse(one.started_at) - Date.parse(other.started_at)),
    parentOf,
  );
  const rowsBelow = (parent: string | null, depth: number): SpanRow[] =>
    (children.get(parent) ?? []).flatMap((span) => {
      const durationMs = Math.max(
        0,
        (span.ended_at === null ? until : endOf(span)) - Date.parse(span.started_at),
      );
      const start = (Date.parse(span.started_at) - from) / totalMs;
      return [
        { span, depth, start, length: durationMs / totalMs, durationMs },
        ...rowsBelow(span.span_id, depth + 1),
      ];
    });
  return { rows: rowsBelow(null, 0), totalMs };
}

function endOf({ started_at, ended_at }: WireSpan): number {
  return Date.parse(ended_at ?? started_at);
}
