import { useSyncExternalStore } from 'react';

/**
 * `connecting` before the first answer, `live` while events arrive, `asking` while none come and the page asks again and
 * again instead, `offline` while the server is away.
 */
export type LiveState = 'connecting' | 'live' | 'asking' | 'offline';

let state: LiveState = 'connecting';
const watchers = new Set<() => void>();

export function setLiveState(next: LiveState): void {
  if (next === state) return;
  state = next;
  for (const tell of watchers) tell();
}

/** The state of the event stream; follows its changes. */
export function useLiveState(): LiveState {
  return useSyncExternalStore(watch, () => state);
}

function watch(tell: () => void): () => void {
  watchers.add(tell);
  return () => watchers.delete(tell);
}
