import type { WireAttempt } from '../../src/api/contract/delivery.ts';
import { durationText } from '../format/duration.ts';
import { ClockTime } from '../parts/time-text.tsx';
import classes from './attempt-list.module.css';

/** Every attempt of a delivery, with the receiver's answer. */
export function AttemptList({ attempts }: { attempts: readonly WireAttempt[] }) {
  return (
    <ol className={classes.attempts}>
      {attempts.map((attempt, index) => (
        <li key={attempt.at}>
          <span className={classes.count}>Attempt {index + 1}</span> <ClockTime at={attempt.at} />
          {', '}
          {durationText(attempt.duration_ms)}
          {attempt.status_code !== null && <>, HTTP {attempt.status_code}</>}
          {attempt.error !== null && <span className={classes.error}> {attempt.error}</span>}
          {attempt.response_excerpt !== null && attempt.response_excerpt !== '' && (
            <pre className={classes.excerpt}>{attempt.response_excerpt}</pre>
          )}
        </li>
      ))}
    </ol>
  );
}
