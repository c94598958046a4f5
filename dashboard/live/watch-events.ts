import type { WireChangeEvent } from '../../src/api/contract/change-event.ts';
import { ApiFailure } from '../api/request.ts';
import { isHidden, untilVisible, whileVisible } from './page-visibility.ts';
import { type EventPlace, readEvents } from './read-events.ts';

const firstRetryMs = 1_000;
const longestRetryMs = 15_000;

export interface EventListener {
  /** The server tells of changes. @param hasMissed whether there may have been others that it does not tell of */
  connected(hasMissed: boolean): void;
  changed(event: WireChangeEvent): void;
  /** @param isAway whether nobody answers at all */
  disconnected(isAway: boolean): void;
}

/**
 * Follows the changes of the system until `signal` aborts: by one stream after the other, each from where the last one
 * ended where the server knows the place, and by none while nobody sees the page.
 */
export async function watchEvents(listener: EventListener, signal: AbortSignal): Promise<void> {
  const nowhere: EventPlace = { lastEventId: null, retryMs: null };
  let place = nowhere;
  let isFirst = true;
  let failures = 0;
  const connected = () => {
    listener.connected(!isFirst && place.lastEventId === null);
    isFirst = false;
    failures = 0;
  };
  while (!signal.aborted) {
    if (isHidden()) {
      await untilVisible(signal);
      // More may have changed meanwhile than one answer tells.
      place = nowhere;
      continue;
    }
    let isAway = false;
    try {
      place = await readEvents({ ...listener, connected }, place, whileVisible(signal));
      if (place.lastEventId !== null && place.retryMs !== null) {
        await pause(place.retryMs, signal);
        continue;
      }
    } catch (thrown) {
      isAway = thrown instanceof ApiFailure && thrown.status === 0;
      place = nowhere;
    }
    if (signal.aborted || isHidden()) continue;
    listener.disconnected(isAway);
    await pause(Math.min(firstRetryMs * 2 ** failures, longestRetryMs), signal);
    failures += 1;
  }
}

/** Waits, but not longer than until the browser says that the network is back. */
function pause(durationMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      window.removeEventListener('online', done);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, durationMs);
    window.addEventListener('online', done);
    signal.addEventListener('abort', done, { once: true });
  });
}
