import { setTimeout as pause } from 'node:timers/promises';
import { expect } from '@jest/globals';
import { EventSourceParserStream } from 'eventsource-parser/stream';

export interface StreamEvent {
  readonly event: string;
  readonly data: unknown;
}

/** The server-sent events of an answer, as they arrive, until it ends or its request is aborted. */
export async function* eventsOf(response: Response): AsyncGenerator<StreamEvent> {
  const stream = response.body
    ?.pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream());
  for await (const { event = 'message', data } of stream ?? []) yield { event, data: JSON.parse(data) };
}

/**
 * Every event from now on, as a reader that keeps to the HTML standard gets them: when a stream ends, the next one goes on
 * from its last event, after the pause that the server asks for.
 *
 * @returns once the first stream stands
 */
export async function watchEvents(
  url: string,
  token: string,
  listener: (event: StreamEvent) => void,
  signal: AbortSignal,
): Promise<void> {
  const place: { id?: string; retryMs: number } = { retryMs: 1_000 };
  const open = () => {
    const known = place.id === undefined ? {} : { 'last-event-id': place.id };
    return fetch(url, { headers: { authorization: `Bearer ${token}`, ...known }, signal });
  };
  const first = await open();
  expect(first.headers.get('content-type')).toContain('text/event-stream');
  const read = async (response: Response) => {
    const parser = new EventSourceParserStream({
      onId: (id) => Object.assign(place, { id }),
      onRetry: (retryMs) => Object.assign(place, { retryMs }),
    });
    const events = response.body?.pipeThrough(new TextDecoderStream()).pipeThrough(parser);
    for await (const { event = 'message', data } of events ?? []) listener({ event, data: JSON.parse(data) });
  };
  const goOn = async () => {
    await read(first);
    for (;;) {
      await pause(place.retryMs, undefined, { signal });
      await read(await open());
    }
  };
  // It ends when nobody watches any more; a failure before shows as events that do not come.
  void goOn().catch(() => undefined);
}
