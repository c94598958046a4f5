import type { WireSpan } from '../../api/contract/index.ts';
import type { Colours } from '../output.ts';
import { oneLine, printable } from '../printable.ts';
import { durationText } from '../time-text.ts';

/** A run's spans as a tree, each with its duration, tokens and error. */
export function traceTree(spans: readonly WireSpan[], paint: Colours): string {
  if (spans.length === 0) return paint.dim('No trace yet.');
  const known = new Set(spans.map((span) => span.span_id));
  const isRoot = (span: WireSpan) => span.parent_span_id === null || !known.has(span.parent_span_id);
  const branches = spans
    .filter(isRoot)
    .flatMap((root) => [spanText(root, paint), ...children(root, spans, '', paint)]);
  return branches.join('\n');
}

function children(parent: WireSpan, spans: readonly WireSpan[], indent: string, paint: Colours): string[] {
  const below = spans.filter((span) => span.parent_span_id === parent.span_id);
  return below.flatMap((span, index) => {
    const isLast = index === below.length - 1;
    const line = `${paint.dim(indent + (isLast ? '└─ ' : '├─ '))}${spanText(span, paint)}`;
    return [line, ...children(span, spans, `${indent}${isLast ? '   ' : '│  '}`, paint)];
  });
}

function spanText(span: WireSpan, paint: Colours): string {
  const duration = span.duration_ms === null ? 'running' : durationText(span.duration_ms);
  const error = span.error === null ? '' : paint.red(oneLine(span.error, 120));
  const name = span.status === 'error' ? paint.red(printable(span.name)) : printable(span.name);
  return [name, paint.dim(duration), paint.dim(tokensText(span)), error]
    .filter((part) => part !== '')
    .join('  ');
}

/** Attribute names follow the OpenTelemetry semantic conventions for generative AI. */
function tokensText({ attributes }: WireSpan): string {
  const input = attributes['gen_ai.usage.input_tokens'];
  const output = attributes['gen_ai.usage.output_tokens'];
  if (typeof input !== 'number' || typeof output !== 'number') return '';
  return `${input} → ${output} tokens`;
}
