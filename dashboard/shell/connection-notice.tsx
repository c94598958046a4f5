import { useLiveState } from '../live/live-state.ts';
import classes from './connection-notice.module.css';

/** Says that the server is not responding, and that the page reconnects automatically. */
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
