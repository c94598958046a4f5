import { EventSourceParserStream } from 'eventsource-parser/stream';
import type { WireChangeEvent } from '../../src/api/contract/change-event.ts';
import { ApiFailure, send } from '../api/request.ts';

const firstRetryMs = 1_000;
const longestRetryMs = 15_000;
/** The server sends a comment every 15 s: silence for longer means that the connection is dead. */
const silenceMs = 40_000;
/** What stands between may keep a stream back until it ends, which it does not: no answer for longer is none. */
const answerMs = 10_000;

export interface EventListener {
  /** A connection stands; whatever happened before it was not told. */
  connected(): void;
  changed(event: WireChangeEvent): void;
  /** @param isAway whether nobody answers at all */
  disconnected(isAway: boolean): void;
}

/** Follows the changes of the system until `signal` aborts, and connects again whenever the connection ends. */
export async function watchEvents(listener: EventListener, signal: AbortSignal): Promise<void> {
  let failures = 0;
  while (!signal.aborted) {
    let isAway = false;
    try {
      await readEvents(
        {
          ...listener,
          connected: () => {
            failures = 0;
            listener.connected();
          },
        },
        signal,
      );
    } catch (thrown) {
      isAway = thrown instanceof ApiFailure && thrown.status === 0;
    }
    if (signal.aborted) return;
    listener.disconnected(isAway);
    await pause(Math.min(firstRetryMs * 2 ** failures, longestRetryMs), signal);
    failures += 1;
  }
}

/** Reads one connection to its end. */
async function readEvents(listener: EventListener, signal: AbortSignal): Promise<void> {
  const silent = new AbortController();
  let timer = setTimeout(() => silent.abort(), answerMs);
  const response = await send('/events', { signal: AbortSignal.any([signal, silent.signal]) }).finally(() =>
    clearTimeout(timer),
  );
  if (!response.ok || response.body === null) {
    throw new ApiFailure(response.status, 'no-events', 'The server sends no events.');
  }
  listener.connected();
  timer = setTimeout(() => silent.abort(), silenceMs);
  const heard = new TransformStream<Uint8Array<ArrayBuffer>, BufferSource>({
    transform(chunk, controller) {
      clearTimeout(timer);
      timer = setTimeout(() => silent.abort(), silenceMs);
      controller.enqueue(chunk);
    },
  });
  const events = response.body
    .pipeThrough(heard)
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream());
  try {
    for await (const event of events) listener.changed(JSON.parse(event.data));
  } finally {
    clearTimeout(timer);
  }
}

/** Waits, but not longer than until the browser says that the network is back. */
function pause(durationMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      window.removeEventListener('online', done);
      resolve();
    };
    const timer = setTimeout(done, durationMs);
    window.addEventListener('online', done);
    signal.addEventListener('abort', done, { once: true });
  });
}
