import classes from './status-badge.module.css';

/** The visual meaning of a status. */
type Tone = 'good' | 'bad' | 'busy' | 'warn' | 'idle';

const tones: Readonly<Record<string, Tone>> = {
  scheduled: 'idle',
  queued: 'idle',
  running: 'busy',
  completed: 'good',
  failed: 'bad',
  cancelled: 'warn',
  pending: 'busy',
  held: 'warn',
  delivered: 'good',
  connected: 'good',
  ok: 'good',
  idle: 'idle',
  paused: 'warn',
  disabled: 'idle',
  failing: 'bad',
  starting: 'busy',
  accepted: 'good',
  filtered: 'warn',
  refused: 'bad',
  wanted: 'good',
  'not wanted': 'warn',
  stopped: 'idle',
};

/** The status of a run, delivery, connector, or trigger: a word, and a mark that differs in shape as well as colour. */
export function StatusBadge({ status }: { status: string }) {
  return (
    <span className={classes.badge} data-tone={tones[status] ?? 'idle'} data-status={status}>
      {status}
    </span>
  );
}
