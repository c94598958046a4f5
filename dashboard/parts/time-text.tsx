import { useSyncExternalStore } from 'react';
import {
  agoText,
  clockText,
  comingTimeText,
  elapsedText,
  fullTimeText,
  remainingText,
} from '../format/time.ts';
import { useTimeZone } from '../format/time-zone.ts';

/** A past moment as `5 min ago`, kept current. The tooltip has the exact time, local and UTC. */
export function RelativeTime({ at }: { at: string }) {
  return <Moment at={at} text={agoText(at, useNow())} />;
}

/** The same for a future moment: `in 5 min`. */
export function ComingTime({ at }: { at: string }) {
  return <Moment at={at} text={comingTimeText(at, useNow())} />;
}

/** How long something has lasted: `16 min`. */
export function ElapsedTime({ since }: { since: string }) {
  return <Moment at={since} text={elapsedText(since, useNow())} />;
}

/** How much longer something lasts: `1 more day`. */
export function RemainingTime({ until }: { until: string }) {
  return <Moment at={until} text={remainingText(until, useNow())} />;
}

/** A moment as a time of day, in the zone chosen in the settings. */
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

/** The current time in 5 s steps, shared by the whole page. */
export const useNow = clockOf(5_000);

/** The current time in seconds, for activities that are being watched. */
export const useSeconds = clockOf(1_000);

/** Also advances on reads, because no timer runs while nothing subscribes. */
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
