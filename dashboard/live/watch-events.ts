import type { WireChangeEvent } from '../../src/api/contract/change-event.ts';
import { ApiFailure } from '../api/request.ts';
import { isHidden, untilVisible, whileVisible } from './page-visibility.ts';
import { type EventPlace, readEvents } from './read-events.ts';

const firstRetryMs = 1_000;
const longestRetryMs = 15_000;

export interface EventListener {
  /** The server reports changes from now on. @param hasMissed whether earlier changes may have gone unreported */
  connected(hasMissed: boolean): void;
  changed(event: WireChangeEvent): void;
  /** @param isAway whether the server is unreachable */
  disconnected(isAway: boolean): void;
}

/**
 * Follows the system's changes until `signal` aborts. Each stream resumes where the last one ended, if the server
 * supports that. While the page is hidden, there is no stream.
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
      // The hidden time may include more changes than one stream replays.
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

/** Waits for a time, or until the browser reports that the network is back. */
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
