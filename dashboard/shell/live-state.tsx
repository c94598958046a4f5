import { useLiveState } from '../live/live-state.ts';
import classes from './live-state.module.css';

const words = { live: 'Live', connecting: 'Connecting', asking: 'Every 5 s', offline: 'Offline' };

/** Shows whether the page follows changes of the system. */
export function LiveState() {
  const state = useLiveState();
  return (
    <span className={classes.state} data-state={state}>
      {words[state]}
    </span>
  );
}
