import { useSyncExternalStore } from 'react';

/** The zone for times of day: the browser's or UTC. Tooltips show both. */
export type TimeZone = 'local' | 'utc';

const storageKey = 'time-zone';
const watchers = new Set<() => void>();
let chosen: TimeZone | null = null;

function readTimeZone(): TimeZone {
  chosen ??= localStorage.getItem(storageKey) === 'utc' ? 'utc' : 'local';
  return chosen;
}

/** Sets the zone for this browser. */
export function setTimeZone(zone: TimeZone): void {
  chosen = zone;
  localStorage.setItem(storageKey, zone);
  for (const tell of watchers) tell();
}

/** The chosen zone; components that use it rerender when it changes. */
export function useTimeZone(): TimeZone {
  return useSyncExternalStore((tell) => {
    watchers.add(tell);
    return () => watchers.delete(tell);
  }, readTimeZone);
}
