import type { ChangeEvent, ChangeFeed } from '../core/ports/run-signals.ts';
import { changeEventToWire } from './wire/change-event.ts';

/** Below the idle timeouts of common proxies, which are 30 s or more. */
const heartbeatMs = 15_000;
/** How long a client waits before it reconnects. */
const reconnectMs = 2_000;
/** Maximum bytes buffered for a slow client; beyond that, it should refetch the lists. */
const maxWaitingBytes = 1024 * 1024;

/**
 * Streams every change from now on, as bytes of server-sent events. The stream ends when its reader leaves or is too
 * slow, or when `stopping` aborts.
 *
 * @param letGo breaks the connection of a reader that is too slow: it would not notice the end of the stream
 */
export function changeEvents(
  changes: Extract<ChangeFeed, { kind: 'pushed' }>,
  stopping: AbortSignal,
  letGo: () => void = () => undefined,
): ReadableStream<Uint8Array> {
  let leave = (): void => {};
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const send = (frame: Uint8Array) => {
          if ((controller.desiredSize ?? 0) > 0) controller.enqueue(frame);
          else {
            end();
            letGo();
          }
        };
        const stopWatching = changes.watch((event) => send(frameOf(event)));
        const heartbeat = setInterval(() => send(encoder.encode(': still here\n\n')), heartbeatMs);
        const end = () => {
          leave();
          controller.close();
        };
        leave = () => {
          stopWatching();
          clearInterval(heartbeat);
          stopping.removeEventListener('abort', end);
        };
        stopping.addEventListener('abort', end);
        send(encoder.encode(`retry: ${reconnectMs}\n\n`));
        if (stopping.aborted) end();
      },
      cancel: () => leave(),
    },
    new ByteLengthQueuingStrategy({ highWaterMark: maxWaitingBytes }),
  );
}

/**
 * The changes since the last event that the reader has seen, as a server-sent event stream that ends immediately. The
 * reader asks again after the feed's pause: `retry` and `id` make every compliant reader do so
 * (https://html.spec.whatwg.org/multipage/server-sent-events.html).
 *
 * @param lastEventId the header `Last-Event-ID`
 */
export async function latestEvents(
  changes: Extract<ChangeFeed, { kind: 'asked' }>,
  lastEventId: string | undefined,
): Promise<string> {
  const { events, place } = await changes.since(lastEventId ?? null);
  const texts = events.map(textOf);
  // The place precedes the last event: it becomes that event's id, and takes effect even without an event.
  const last = texts.pop() ?? '\n';
  return [`retry: ${changes.pauseMs}\n\n`, ...texts, `id: ${place}\n${last}`].join('');
}

const encoder = new TextEncoder();

/** Each event is encoded once for all watchers. */
const frames = new WeakMap<ChangeEvent, Uint8Array>();

function frameOf(event: ChangeEvent): Uint8Array {
  const known = frames.get(event);
  if (known !== undefined) return known;
  const frame = encoder.encode(textOf(event));
  frames.set(event, frame);
  return frame;
}

function textOf(event: ChangeEvent): string {
  const data = changeEventToWire(event);
  return `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`;
}
