import type { WireLogLine } from '../../src/api/contract/run.ts';
import { counted } from '../format/numbers.ts';
import { Section } from '../parts/section.tsx';
import { ClockTime } from '../parts/time-text.tsx';
import classes from './log-lines.module.css';

/** Log lines of a run's tools and middleware. */
export function RunLogs({ lines }: { lines: readonly WireLogLine[] }) {
  return (
    <Section title={counted(lines.length, 'log line')} flush>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard */}
      <ol className={classes.lines} tabIndex={0} aria-label="Log lines">
        {lines.map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines are only ever added at the end, and may be equal
          <li key={index} className={classes.line} data-level={line.level}>
            <span className={classes.time}>
              <ClockTime at={line.at} />
            </span>
            <span className={classes.level}>{line.level}</span>
            <span className={classes.source}>{line.source}</span>
            <span className={classes.message}>{line.message}</span>
          </li>
        ))}
      </ol>
    </Section>
  );
}
