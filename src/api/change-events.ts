import type { ChangeEvent, RunSignals } from '../core/ports/run-signals.ts';
import { changeEventToWire } from './wire/change-event.ts';

/** Below the idle timeouts of the usual proxies, 30 s and more. */
const heartbeatMs = 15_000;
/** How long a client waits before it connects again. */
const reconnectMs = 2_000;
/** Frames that wait for a client that reads too slowly; beyond that it is better off reading the lists anew. */
const maxWaitingFrames = 1_000;

/**
 * Every change from now on, as the bytes of a server-sent event stream. It ends when its reader leaves, when it reads
 * too slowly, or when `stopping` aborts.
 */
export function changeEvents(
  signals: Pick<RunSignals, 'onChange'>,
  stopping: AbortSignal,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let leave = (): void => {};
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const send = (frame: string) => {
          if ((controller.desiredSize ?? 0) > 0) controller.enqueue(encoder.encode(frame));
          else end();
        };
        const stopWatching = signals.onChange((event) => send(frameOf(event)));
        const heartbeat = setInterval(() => send(': still here\n\n'), heartbeatMs);
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
        send(`retry: ${reconnectMs}\n\n`);
        if (stopping.aborted) end();
      },
      cancel: () => leave(),
    },
    new CountQueuingStrategy({ highWaterMark: maxWaitingFrames }),
  );
}

function frameOf(event: ChangeEvent): string {
  const data = changeEventToWire(event);
  return `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`;
}
