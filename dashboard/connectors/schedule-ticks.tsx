import type { NextRuns } from '../../src/api/contract/connector-source.ts';
import { relativeTimeText } from '../format/time.ts';
import { useNow } from '../parts/time-text.tsx';
import classes from './schedule-ticks.module.css';

const shape = {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
} as const;
const utc = new Intl.DateTimeFormat('en-GB', { ...shape, timeZone: 'UTC' });
const own = new Intl.DateTimeFormat('en-GB', shape);
const ownZone = own.resolvedOptions().timeZone;

/** A schedule in words, and its next ticks in its own time zone, the operator's, and UTC. */
export function ScheduleTicks({ next }: { next: NextRuns }) {
  const now = useNow();
  const scheduled = new Intl.DateTimeFormat('en-GB', { ...shape, timeZone: next.timezone });
  const zones = [
    { name: next.timezone, format: scheduled },
    { name: `${ownZone} (your time)`, format: own },
    { name: 'UTC', format: utc },
  ].filter(({ name }, index) => index === 0 || !name.startsWith(next.timezone));
  return (
    <div className={classes.schedule}>
      <p className={classes.words}>
        {next.schedule_in_words} <span className={classes.zone}>{next.timezone}</span>
      </p>
      {next.items.length === 0 ? (
        <p className={classes.none}>The schedule is paused while the connector is disabled.</p>
      ) : (
        <table className={classes.ticks} aria-label="Next ticks">
          <thead>
            <tr>
              <th>Next</th>
              {zones.map(({ name }) => (
                <th key={name}>{name}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {next.items.map(({ at }) => (
              <tr key={at}>
                <td>{relativeTimeText(at, now)}</td>
                {zones.map(({ name, format }) => (
                  <td key={name}>{format.format(new Date(at))}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}
