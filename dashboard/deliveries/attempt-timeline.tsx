import { useState } from 'react';
import type { WireShownAttempt } from '../../src/api/contract/delivery.ts';
import { durationText } from '../format/duration.ts';
import { CodeBlock } from '../parts/code-block.tsx';
import { HeaderLines } from '../parts/header-lines.tsx';
import { ClockTime, ComingTime, RelativeTime } from '../parts/time-text.tsx';
import classes from './attempt-timeline.module.css';

export interface AttemptTimelineProps {
  readonly attempts: readonly WireShownAttempt[];
  /** When the next attempt is due; `null` if there is none. */
  readonly nextAt: string | null;
}

/** A delivery's attempts on a timeline, oldest first. Each opens to show the request and the answer. */
export function AttemptTimeline({ attempts, nextAt }: AttemptTimelineProps) {
  return (
    <ol className={classes.line}>
      {attempts.map((attempt, index) => (
        <AttemptItem
          key={attempt.at}
          attempt={attempt}
          number={index + 1}
          isLast={index === attempts.length - 1}
        />
      ))}
      {nextAt !== null && (
        <li className={classes.item} data-tone="idle">
          <p className={classes.coming}>
            Next attempt <ComingTime at={nextAt} />
          </p>
        </li>
      )}
    </ol>
  );
}

function AttemptItem({
  attempt,
  number,
  isLast,
}: {
  attempt: WireShownAttempt;
  number: number;
  isLast: boolean;
}) {
  const [isOpen, setOpen] = useState(isLast);
  const detailId = `attempt-${number}`;
  return (
    <li className={classes.item} data-tone={attempt.error === null ? 'good' : 'bad'}>
      <button
        type="button"
        className={classes.head}
        aria-expanded={isOpen}
        aria-controls={isOpen ? detailId : undefined}
        onClick={() => setOpen(!isOpen)}
      >
        <span className={classes.number}>Attempt {number}</span>
        <span className={classes.result}>{attempt.error ?? answerText(attempt.status_code)}</span>
        <span className={classes.time}>
          <ClockTime at={attempt.at} /> (<RelativeTime at={attempt.at} />
          ), {durationText(attempt.duration_ms)}
        </span>
      </button>
      {isOpen && (
        <div id={detailId} className={classes.detail}>
          <Sent attempt={attempt} />
          <Received attempt={attempt} />
        </div>
      )}
    </li>
  );
}

function Sent({ attempt: { request } }: { attempt: WireShownAttempt }) {
  if (request === null) return null;
  return (
    <section aria-label="Sent">
      <h3 className={classes.title}>Sent</h3>
      <p className={classes.target}>{[request.method, request.target].filter(Boolean).join(' ')}</p>
      <HeaderLines headers={request.headers} />
    </section>
  );
}

function Received({ attempt }: { attempt: WireShownAttempt }) {
  const { status_code: status, response_headers: headers, response_excerpt: excerpt } = attempt;
  if (status === null && headers === null && !excerpt) {
    return (
      <section aria-label="Response">
        <h3 className={classes.title}>Response</h3>
        <p className={classes.target}>No response.</p>
      </section>
    );
  }
  return (
    <section aria-label="Response">
      <h3 className={classes.title}>Response</h3>
      {status !== null && <p className={classes.target}>HTTP {status}</p>}
      {headers !== null && <HeaderLines headers={headers} />}
      {excerpt !== null && excerpt !== '' && (
        <div className={classes.excerpt}>
          <CodeBlock text={excerpt} what="the response" />
        </div>
      )}
    </section>
  );
}

function answerText(status: number | null): string {
  return status === null ? 'Acknowledged' : `HTTP ${status}`;
}
