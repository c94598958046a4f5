import type { DraftTest } from '../../src/api/contract/connector.ts';
import { durationText } from '../format/duration.ts';
import { CodeBlock } from '../parts/code-block.tsx';
import { StatusBadge } from '../parts/status-badge.tsx';
import classes from './call-it.module.css';

/** The outcome of a test, with an excerpt of the target's answer. Screen readers announce it. */
export function TestOutcome({ test }: { test: DraftTest }) {
  const { ok, tested, error, detail, response_excerpt: excerpt, duration_ms } = test;
  const success = tested === 'connection' ? 'connected' : 'delivered';
  const text = error ?? detail ?? `The target accepted it in ${durationText(duration_ms)}.`;
  return (
    <div role="status">
      <p className={classes.outcome}>
        <StatusBadge status={ok ? success : 'failed'} /> {text}
      </p>
      {excerpt !== null && excerpt !== '' && <CodeBlock text={excerpt} what="the response" />}
    </div>
  );
}
