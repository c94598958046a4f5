import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { WireChangeEvent } from '../../src/api/contract/change-event.ts';
import { applyChanges } from './apply-changes.ts';
import { askAgain } from './ask-again.ts';
import { setLiveState } from './live-state.ts';
import { rereadAll } from './reread-all.ts';
import { watchEvents } from './watch-events.ts';

/** Changes are applied in batches, because a busy system reports hundreds per second. */
const batchMs = 250;

/** Keeps everything on the page current while the page is visible. */
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
    const asking = askAgain(queries);
    void watchEvents(
      {
        connected(hasMissed) {
          setLiveState('live');
          asking.stop();
          if (hasMissed) rereadAll(queries);
        },
        changed: (event) => waiting.push(event),
        disconnected: (isAway) => {
          setLiveState(isAway ? 'offline' : 'asking');
          if (isAway) asking.stop();
          else asking.start();
        },
      },
      leaving.signal,
    );
    return () => {
      clearInterval(timer);
      asking.stop();
      leaving.abort();
      setLiveState('connecting');
    };
  }, [queries]);
}
