import { useSyncExternalStore } from 'react';
import { clockText, fullTimeText, relativeTimeText } from '../format/time.ts';

/** A moment as `5 min ago`, moving on by itself; the exact time, local and UTC, is its tooltip. */
export function RelativeTime({ at }: { at: string }) {
  const now = useNow();
  return (
    <time dateTime={at} title={fullTimeText(at)}>
      {relativeTimeText(at, now)}
    </time>
  );
}

/** A moment as the time of day. */
export function ClockTime({ at }: { at: string }) {
  return (
    <time dateTime={at} title={fullTimeText(at)}>
      {clockText(at)}
    </time>
  );
}

const tickMs = 5_000;
let now = Date.now();

/** The current time in steps, the same for everything on the page. */
export function useNow(): number {
  return useSyncExternalStore(watchClock, readClock);
}

/** Steps of its own accord, too: while nothing watches, no timer does. */
function readClock(): number {
  if (Date.now() - now >= tickMs) now = Date.now();
  return now;
}

function watchClock(tell: () => void): () => void {
  const timer = setInterval(() => {
    readClock();
    tell();
  }, tickMs);
  return () => clearInterval(timer);
}
