import type { ChangeEvent, ChangeFeed } from '../core/ports/run-signals.ts';
import { changeEventToWire } from './wire/change-event.ts';

/** Below the idle timeouts of the usual proxies, 30 s and more. */
const heartbeatMs = 15_000;
/** How long a client waits before it connects again. */
const reconnectMs = 2_000;
/** Bytes that wait for a client that reads too slowly; beyond that it is better off reading the lists again. */
const maxWaitingBytes = 1024 * 1024;

/**
 * Every change from now on, as the bytes of a server-sent event stream. It ends when its reader leaves, when it reads
 * too slowly, or when `stopping` aborts.
 *
 * @param letGo breaks the connection of a reader that is too slow: it would not see that the stream has ended
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
 * What changed since the last event that the reader has seen, as a server-sent event stream that ends there. Its reader
 * asks again after the feed's pause: `retry` and `id` make every reader of such streams do so, as the HTML standard says
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
  // The place comes before the last event: it is that event's id, and counts where there is no event, too.
  const last = texts.pop() ?? '\n';
  return [`retry: ${changes.pauseMs}\n\n`, ...texts, `id: ${place}\n${last}`].join('');
}

const encoder = new TextEncoder();

/** Written once for all who watch. */
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
