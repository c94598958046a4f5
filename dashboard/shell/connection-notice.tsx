import { useLiveState } from '../live/live-state.ts';
import classes from './connection-notice.module.css';

/** Says that the server is away, and that nothing has to be done about it here. */
export function ConnectionNotice() {
  const state = useLiveState();
  return (
    <div role="status">
      {state === 'offline' && (
        <p className={classes.notice}>
          The server is not responding. This page may be out of date; it reconnects automatically.
        </p>
      )}
    </div>
  );
}
