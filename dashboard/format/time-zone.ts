import { useSyncExternalStore } from 'react';

/** In which zone the page writes times of day: that of the browser, or UTC. Tooltips have both. */
export type TimeZone = 'local' | 'utc';

const storageKey = 'time-zone';
const watchers = new Set<() => void>();
let chosen: TimeZone | null = null;

function readTimeZone(): TimeZone {
  chosen ??= localStorage.getItem(storageKey) === 'utc' ? 'utc' : 'local';
  return chosen;
}

/** Chooses the zone, for this browser. */
export function setTimeZone(zone: TimeZone): void {
  chosen = zone;
  localStorage.setItem(storageKey, zone);
  for (const tell of watchers) tell();
}

/** The chosen zone; whatever shows times is drawn again when it changes. */
export function useTimeZone(): TimeZone {
  return useSyncExternalStore((tell) => {
    watchers.add(tell);
    return () => watchers.delete(tell);
  }, readTimeZone);
}
