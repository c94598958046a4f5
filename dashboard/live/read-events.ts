import { EventSourceParserStream } from 'eventsource-parser/stream';
import type { WireChangeEvent } from '../../src/api/contract/change-event.ts';
import { ApiFailure, send } from '../api/request.ts';

/** Longer silence means that the connection is dead: the server sends a comment every 15 s. */
const silenceMs = 40_000;
/** A proxy may hold the stream back until it ends, which never happens. So an answer this late counts as missing. */
const answerMs = 10_000;

/** How far events have been read. A field is `null` if the server does not provide it. */
export interface EventPlace {
  readonly lastEventId: string | null;
  /** How long to wait before the next stream, in ms. */
  readonly retryMs: number | null;
}

export interface EventReader {
  connected(): void;
  changed(event: WireChangeEvent): void;
}

/**
 * Reads one stream to its end.
 *
 * @returns where it ended
 * @throws ApiFailure where the server refuses a stream or does not answer
 */
export async function readEvents(
  reader: EventReader,
  place: EventPlace,
  signal: AbortSignal,
): Promise<EventPlace> {
  const silent = new AbortController();
  let timer = setTimeout(() => silent.abort(), answerMs);
  const response = await send('/events', {
    headers: place.lastEventId === null ? {} : { 'last-event-id': place.lastEventId },
    signal: AbortSignal.any([signal, silent.signal]),
  }).finally(() => clearTimeout(timer));
  if (!response.ok || response.body === null) {
    throw new ApiFailure(response.status, 'no-events', 'The server sends no events.');
  }
  reader.connected();
  timer = setTimeout(() => silent.abort(), silenceMs);
  const heard = new TransformStream<Uint8Array<ArrayBuffer>, BufferSource>({
    transform(chunk, controller) {
      clearTimeout(timer);
      timer = setTimeout(() => silent.abort(), silenceMs);
      controller.enqueue(chunk);
    },
  });
  let { lastEventId, retryMs } = place;
  const events = response.body
    .pipeThrough(heard)
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(
      new EventSourceParserStream({
        onId: (id) => {
          lastEventId = id;
        },
        onRetry: (ms) => {
          retryMs = ms;
        },
      }),
    );
  try {
    for await (const event of events) reader.changed(JSON.parse(event.data));
  } finally {
    clearTimeout(timer);
  }
  return { lastEventId, retryMs };
}
