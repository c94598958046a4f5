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
