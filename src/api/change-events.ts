import type { ChangeEvent, RunSignals } from '../core/ports/run-signals.ts';
import { changeEventToWire } from './wire/change-event.ts';

/** Below the idle timeouts of the usual proxies, 30 s and more. */
const heartbeatMs = 15_000;
/** How long a client waits before it connects again. */
const reconnectMs = 2_000;
/** Bytes that wait for a client that reads too slowly; beyond that it is better off reading the lists anew. */
const maxWaitingBytes = 1024 * 1024;

/**
 * Every change from now on, as the bytes of a server-sent event stream. It ends when its reader leaves, when it reads
 * too slowly, or when `stopping` aborts.
 *
 * @param letGo breaks the connection of a reader that is too slow: it would not see that the stream has ended
 */
export function changeEvents(
  signals: Pick<RunSignals, 'onChange'>,
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
        const stopWatching = signals.onChange((event) => send(frameOf(event)));
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

const encoder = new TextEncoder();

/** Written once for all who watch. */
const frames = new WeakMap<ChangeEvent, Uint8Array>();

function frameOf(event: ChangeEvent): Uint8Array {
  const known = frames.get(event);
  if (known !== undefined) return known;
  const data = changeEventToWire(event);
  const frame = encoder.encode(`event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`);
  frames.set(event, frame);
  return frame;
}
