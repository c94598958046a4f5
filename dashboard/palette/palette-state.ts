import { useSyncExternalStore } from 'react';

/** What is open over the page: the palette, the list of keys, or nothing. */
type Opened = 'palette' | 'keys' | null;

let opened: Opened = null;
const watchers = new Set<() => void>();

/** Opens the palette or the list of keys; `null` closes both. */
export function openOverPage(next: Opened): void {
  opened = next;
  for (const tell of watchers) tell();
}

function watch(tell: () => void): () => void {
  watchers.add(tell);
  return () => watchers.delete(tell);
}

export function useOpened(): Opened {
  return useSyncExternalStore(watch, () => opened);
}
