import { setTimeout as wait } from 'node:timers/promises';
import { EventSourceParserStream } from 'eventsource-parser/stream';
import { type WireChangeEvent, wireChangeEvent } from '../api/contract/index.ts';
import type { ApiClient } from './api-client.ts';
import { apiRefusal } from './api-request.ts';
import { CliFailure, exitCodes } from './cli-failure.ts';
import type { Output } from './output.ts';

const reconnectAfterMs = 1_000;

/** Position in the event stream, kept for the next stream if the server reports it. */
interface EventPlace {
  lastEventId: string | null;
  retryMs: number;
}

/**
 * The system's changes as they happen, without end. When a stream ends, another continues at the same position if the
 * server reports one (on AWS); otherwise, changes in between are missed.
 *
 * @throws CliFailure if the first connection fails
 */
export async function* followEvents(api: ApiClient, output: Output): AsyncGenerator<WireChangeEvent> {
  const place: EventPlace = { lastEventId: null, retryMs: reconnectAfterMs };
  let stream = await openStream(api, place);
  output.note('Watching. Press Ctrl+C to stop.');
  for (;;) {
    yield* eventsOf(stream, place);
    stream = await openNext(api, output, place);
  }
}

type ByteStream = NonNullable<Response['body']>;

async function openStream(api: ApiClient, { lastEventId }: EventPlace): Promise<ByteStream> {
  const response = await api.openEvents(lastEventId);
  if (response.ok && response.body !== null) return response.body;
  throw apiRefusal(api.url, response.status, parseJson(await response.text()));
}

/** Opens the next stream. Reports the end of the previous one only if changes may be missed. */
async function openNext(api: ApiClient, output: Output, place: EventPlace): Promise<ByteStream> {
  let isLost = false;
  const lose = () => {
    if (!isLost) output.note('Connection lost. Reconnecting.');
    isLost = true;
  };
  if (place.lastEventId === null) lose();
  for (;;) {
    await wait(isLost ? reconnectAfterMs : place.retryMs);
    try {
      const stream = await openStream(api, place);
      if (isLost) output.note('Reconnected.');
      return stream;
    } catch (thrown) {
      if (!(thrown instanceof CliFailure) || thrown.exitCode !== exitCodes.unreachable) throw thrown;
      lose();
    }
  }
}

async function* eventsOf(stream: ByteStream, place: EventPlace): AsyncGenerator<WireChangeEvent> {
  const parser = new EventSourceParserStream({
    onId: (id) => {
      place.lastEventId = id;
    },
    onRetry: (ms) => {
      place.retryMs = ms;
    },
  });
  const messages = stream.pipeThrough(new TextDecoderStream()).pipeThrough(parser);
  try {
    for await (const { data } of messages) {
      const event = wireChangeEvent.safeParse(parseJson(data));
      if (event.success) yield event.data;
    }
  } catch (thrown) {
    if (!isBrokenConnection(thrown)) throw thrown;
  }
}

/** The error that fetch throws when the server disconnects in the middle of a response. */
function isBrokenConnection(thrown: unknown): boolean {
  return thrown instanceof TypeError && thrown.message === 'terminated';
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
