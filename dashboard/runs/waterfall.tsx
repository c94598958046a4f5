import { useState } from 'react';
import type { WireSpan } from '../../src/api/contract/run.ts';
import { durationText } from '../format/duration.ts';
import { useSeconds } from '../parts/time-text.tsx';
import { guardrailOutcome, layOutSpans, type SpanRow, stepEnd } from './lay-out-spans.ts';
import { SpanAttributes } from './span-attributes.tsx';
import classes from './waterfall.module.css';

/** In shorter traces, quarters of the time cannot be told apart. */
const shortTraceMs = 8;

/** A run's steps as bars over time, in order and nested. Bars of running steps grow. */
export function Waterfall({ spans }: { spans: readonly WireSpan[] }) {
  const goesOn = spans.some(({ ended_at }) => ended_at === null);
  return goesOn ? <GrowingBars spans={spans} /> : <Bars spans={spans} now={0} />;
}

function GrowingBars({ spans }: { spans: readonly WireSpan[] }) {
  return <Bars spans={spans} now={useSeconds()} />;
}

function Bars({ spans, now }: { spans: readonly WireSpan[]; now: number }) {
  const { rows, totalMs } = layOutSpans(spans, now);
  const marks = totalMs < shortTraceMs ? [0, 1] : [0, 0.25, 0.5, 0.75, 1];
  return (
    <div className={classes.waterfall}>
      <div className={classes.scale} aria-hidden="true">
        {marks.map((share) => (
          <span key={share}>{durationText(totalMs * share)}</span>
        ))}
      </div>
      <ul className={classes.rows}>
        {rows.map((row) => (
          <SpanItem key={row.span.span_id} row={row} />
        ))}
      </ul>
    </div>
  );
}

function SpanItem({ row: { span, depth, start, length, durationMs } }: { row: SpanRow }) {
  const [isOpen, setOpen] = useState(false);
  const detailId = `span-${span.span_id}`;
  const end = stepEnd(span);
  const outcome = guardrailOutcome(span);
  return (
    <li>
      <button
        type="button"
        className={classes.row}
        aria-expanded={isOpen}
        aria-controls={isOpen ? detailId : undefined}
        onClick={() => setOpen(!isOpen)}
      >
        <span className={classes.name} style={{ paddingLeft: `${depth * 14}px` }}>
          <span className={classes.kind} data-kind={span.kind}>
            {span.kind}
          </span>
          <span className={classes.title}>{spanTitle(span)}</span>
        </span>
        <span className={classes.lane}>
          <span
            className={classes.bar}
            data-kind={span.kind}
            data-end={end ?? undefined}
            data-outcome={outcome ?? undefined}
            style={{ left: `${start * 100}%`, width: `${length * 100}%` }}
          />
        </span>
        <span className={classes.duration}>
          {end !== null && (
            <span className={classes.end} data-end={end}>
              {end}
            </span>
          )}
          {outcome !== null && (
            <span className={classes.end} data-outcome={outcome}>
              {outcome}
            </span>
          )}{' '}
          {durationText(durationMs)}
        </span>
      </button>
      {isOpen && (
        <div id={detailId} className={classes.detail}>
          {span.error !== null && (
            <p className={classes.error} data-end={end ?? undefined}>
              {span.error}
            </p>
          )}
          <SpanAttributes attributes={span.attributes} />
        </div>
      )}
    </li>
  );
}

/** Omits the operation or kind, which is shown separately: `execute_tool orders.find` becomes `orders.find`. */
export function spanTitle({ name, kind, attributes }: WireSpan): string {
  const shown = [attributes['gen_ai.operation.name'], kind].find((word) => name.startsWith(`${word} `));
  return shown === undefined ? name : name.slice(String(shown).length + 1);
}
