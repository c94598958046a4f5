import { useLiveState } from '../live/live-state.ts';
import classes from './connection-notice.module.css';

/** Says that the server is away, and that nothing has to be done about it here. */
export function ConnectionNotice() {
  const state = useLiveState();
  return (
    <div role="status">
      {state === 'offline' && (
        <p className={classes.notice}>
          The server does not answer. What you see may be out of date; this page connects again by itself.
        </p>
      )}
    </div>
  );
}
