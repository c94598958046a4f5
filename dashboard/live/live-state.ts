import { useSyncExternalStore } from 'react';

/**
 * `connecting` before the first answer, `live` while events arrive, `asking` while the page polls because none arrive,
 * `offline` while the server is unreachable.
 */
export type LiveState = 'connecting' | 'live' | 'asking' | 'offline';

let state: LiveState = 'connecting';
const watchers = new Set<() => void>();

export function setLiveState(next: LiveState): void {
  if (next === state) return;
  state = next;
  for (const tell of watchers) tell();
}

/** The state of the event stream; rerenders on changes. */
export function useLiveState(): LiveState {
  return useSyncExternalStore(watch, () => state);
}

function watch(tell: () => void): () => void {
  watchers.add(tell);
  return () => watchers.delete(tell);
}
