import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { WireChangeEvent } from '../../src/api/contract/change-event.ts';
import { applyChanges } from './apply-changes.ts';
import { setLiveState } from './live-state.ts';
import { rereadAll } from './reread-all.ts';
import { watchEvents } from './watch-events.ts';

/** Changes are shown together at this rhythm: a busy system tells hundreds a second. */
const batchMs = 250;

/** Keeps everything that the page shows up to date while it is open. */
export function useLiveUpdates(): void {
  const queries = useQueryClient();
  useEffect(() => {
    const leaving = new AbortController();
    let waiting: WireChangeEvent[] = [];
    const timer = setInterval(() => {
      if (waiting.length === 0) return;
      const changes = waiting;
      waiting = [];
      applyChanges(queries, changes);
    }, batchMs);
    let wasConnected = false;
    void watchEvents(
      {
        connected() {
          setLiveState('live');
          // What happened while nobody listened was not told: read anew.
          if (wasConnected) rereadAll(queries);
          wasConnected = true;
        },
        changed: (event) => waiting.push(event),
        disconnected: () => setLiveState('offline'),
      },
      leaving.signal,
    );
    return () => {
      clearInterval(timer);
      leaving.abort();
      setLiveState('connecting');
    };
  }, [queries]);
}
