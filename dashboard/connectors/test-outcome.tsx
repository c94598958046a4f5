import { CodeBlock } from '../parts/code-block.tsx';
import { StatusBadge } from '../parts/status-badge.tsx';
import classes from './call-it.module.css';

export interface TestOutcomeProps {
  /** The word for how it went. */
  readonly status: 'delivered' | 'connected' | 'failed';
  /** What happened, in a sentence. */
  readonly text: string;
  /** The first characters of what a target answered. */
  readonly excerpt: string | null;
}

/** How a test went. Screen readers tell it. */
export function TestOutcome({ status, text, excerpt }: TestOutcomeProps) {
  return (
    <div role="status">
      <p className={classes.outcome}>
        <StatusBadge status={status} /> {text}
      </p>
      {excerpt !== null && excerpt !== '' && <CodeBlock text={excerpt} what="the response" />}
    </div>
  );
}
