import { useSyncExternalStore } from 'react';
import {
  agoText,
  clockText,
  elapsedText,
  fullTimeText,
  relativeTimeText,
  remainingText,
} from '../format/time.ts';
import { useTimeZone } from '../format/time-zone.ts';

/** A moment that has come, as `5 min ago`, moving on by itself; the exact time, local and UTC, is its tooltip. */
export function RelativeTime({ at }: { at: string }) {
  return <Moment at={at} text={agoText(at, useNow())} />;
}

/** The same for a moment that is still to come: `in 5 min`. */
export function ComingTime({ at }: { at: string }) {
  return <Moment at={at} text={relativeTimeText(at, useNow())} />;
}

/** How long something has lasted: `16 min`. */
export function ElapsedTime({ since }: { since: string }) {
  return <Moment at={since} text={elapsedText(since, useNow())} />;
}

/** How much longer something lasts: `1 more day`. */
export function RemainingTime({ until }: { until: string }) {
  return <Moment at={until} text={remainingText(until, useNow())} />;
}

/** A moment as the time of day, in the zone that is chosen in the settings. */
export function ClockTime({ at }: { at: string }) {
  return <Moment at={at} text={clockText(at, useTimeZone())} />;
}

function Moment({ at, text }: { at: string; text: string }) {
  return (
    <time dateTime={at} title={fullTimeText(at)}>
      {text}
    </time>
  );
}

/** The current time in steps, the same for everything on the page. */
export const useNow = clockOf(5_000);

/** The current time by the second, for what is watched while it lasts. */
export const useSeconds = clockOf(1_000);

/** Steps of its own accord, too: while nothing watches, no timer does. */
function clockOf(tickMs: number): () => number {
  let now = Date.now();
  const readClock = () => {
    if (Date.now() - now >= tickMs) now = Date.now();
    return now;
  };
  const watchClock = (tell: () => void) => {
    const timer = setInterval(() => {
      readClock();
      tell();
    }, tickMs);
    return () => clearInterval(timer);
  };
  return () => useSyncExternalStore(watchClock, readClock);
}
