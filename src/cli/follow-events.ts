import { setTimeout as wait } from 'node:timers/promises';
import { EventSourceParserStream } from 'eventsource-parser/stream';
import { type WireChangeEvent, wireChangeEvent } from '../api/contract/index.ts';
import type { ApiClient } from './api-client.ts';
import { apiRefusal } from './api-request.ts';
import { CliFailure, exitCodes } from './cli-failure.ts';
import type { Output } from './output.ts';

const reconnectAfterMs = 1_000;

/**
 * The system's changes as they happen, without end: a connection that breaks is made again. What changes meanwhile is
 * not seen.
 *
 * @throws CliFailure where the first connection does not come about
 */
export async function* followEvents(api: ApiClient, output: Output): AsyncGenerator<WireChangeEvent> {
  let stream = await openStream(api);
  output.note('Watching. Ctrl+C ends it.');
  for (;;) {
    yield* eventsOf(stream);
    output.note('The connection is lost; trying to connect again.');
    stream = await reopenStream(api);
    output.note('Watching again.');
  }
}

type ByteStream = NonNullable<Response['body']>;

async function openStream(api: ApiClient): Promise<ByteStream> {
  const response = await api.openEvents();
  if (response.ok && response.body !== null) return response.body;
  throw apiRefusal(api.url, response.status, parseJson(await response.text()));
}

async function reopenStream(api: ApiClient): Promise<ByteStream> {
  for (;;) {
    await wait(reconnectAfterMs);
    try {
      return await openStream(api);
    } catch (thrown) {
      if (!(thrown instanceof CliFailure) || thrown.exitCode !== exitCodes.unreachable) throw thrown;
    }
  }
}

async function* eventsOf(stream: ByteStream): AsyncGenerator<WireChangeEvent> {
  const messages = stream.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
  try {
    for await (const { data } of messages) {
      const event = wireChangeEvent.safeParse(parseJson(data));
      if (event.success) yield event.data;
    }
  } catch (thrown) {
    if (!isBrokenConnection(thrown)) throw thrown;
  }
}

/** How fetch says that the other side went away in the middle of the answer. */
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
