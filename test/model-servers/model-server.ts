import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isJsonObject, type JsonObject, type JsonValue } from '../../src/core/json/json-value.ts';

/** What a scripted model answers to one request. */
export type ScriptedReply =
  /** A text; streamed in the given pieces where the request asks for a stream. */
  | { readonly text: string | readonly string[] }
  | { readonly toolCalls: readonly ScriptedToolCall[] }
  /** The model's own refusal, or the provider's filter. */
  | { readonly refusal: string }
  /** The model stops at its limit of output tokens. */
  | { readonly truncated: string }
  | { readonly status: number; readonly message: string; readonly headers?: Readonly<Record<string, string>> }
  /** Accepts the request and never answers. */
  | { readonly hang: true }
  /** Breaks the connection before any answer. */
  | { readonly disconnect: true }
  /** Begins an answer with this text and breaks the connection. */
  | { readonly breaksOff: string }
  /** Status 200 and this body. */
  | { readonly body: string };

export interface ScriptedToolCall {
  /** As it is on the wire: `orders__findOrder`. */
  readonly name: string;
  readonly arguments: JsonObject;
}

/** A reply that the model itself wrote. */
export type Answer = Extract<
  ScriptedReply,
  | { readonly text: unknown }
  | { readonly toolCalls: unknown }
  | { readonly refusal: unknown }
  | { readonly truncated: unknown }
>;

export interface RecordedRequest {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: JsonObject;
}

export interface ModelServerOptions {
  /** One reply a request, the last one for all further ones; or what decides by the request and its number from 0. */
  readonly script: readonly ScriptedReply[] | ((request: RecordedRequest, index: number) => ScriptedReply);
  /** Another key is answered as the provider answers a wrong one; without, every key is right. */
  readonly apiKey?: string;
  /** Where it has to listen; a free port where none is given, or 0. */
  readonly port?: number;
}

export interface ModelServer {
  /** What to set as the provider's base URL. */
  readonly url: string;
  readonly requests: readonly RecordedRequest[];
  close(): Promise<void>;
}

/** How one provider's wire format says things. */
export interface WireFormat {
  readonly basePath: string;
  keyOf(request: RecordedRequest): string | undefined;
  wantsStream(request: RecordedRequest): boolean;
  answer(answer: Answer, request: RecordedRequest): JsonValue;
  /** The lines of a server-sent event stream, complete. */
  stream(answer: Answer, request: RecordedRequest): readonly string[];
  error(status: number, message: string): JsonValue;
}

/** Tokens that every answer reports. */
export const reportedUsage = { input: 12, output: 7, cached: 4 };

/** Starts a server on 127.0.0.1 that answers in a provider's format as the script says. */
export async function startModelServer(
  format: WireFormat,
  options: ModelServerOptions,
): Promise<ModelServer> {
  const requests: RecordedRequest[] = [];
  const server = createServer(async (incoming, response) => {
    const request = await record(incoming);
    requests.push(request);
    const isKeyWrong = options.apiKey !== undefined && format.keyOf(request) !== options.apiKey;
    const reply = isKeyWrong
      ? { status: 401, message: 'The API key is not valid.' }
      : replyFor(options.script, request, requests.length - 1);
    send(response, format, request, reply);
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${format.basePath}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function replyFor(
  script: ModelServerOptions['script'],
  request: RecordedRequest,
  index: number,
): ScriptedReply {
  if (typeof script === 'function') return script(request, index);
  return script[index] ?? script.at(-1) ?? { status: 500, message: 'The script is empty.' };
}

async function record(incoming: IncomingMessage): Promise<RecordedRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const body: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8') || '{}');
  const headers = Object.entries(incoming.headers).map(([name, value]) => [name, String(value)] as const);
  return {
    method: incoming.method ?? '',
    path: incoming.url ?? '',
    headers: Object.fromEntries(headers),
    body: isJsonObject(body) ? body : {},
  };
}

function send(
  response: ServerResponse,
  format: WireFormat,
  request: RecordedRequest,
  reply: ScriptedReply,
): void {
  if ('hang' in reply) return;
  if ('disconnect' in reply) {
    response.destroy();
  } else if ('breaksOff' in reply) {
    sendHalf(response, format, request, reply.breaksOff);
  } else if ('status' in reply) {
    sendJson(
      response,
      reply.status,
      JSON.stringify(format.error(reply.status, reply.message)),
      reply.headers,
    );
  } else if ('body' in reply) {
    sendJson(response, 200, reply.body);
  } else if (format.wantsStream(request)) {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const line of format.stream(reply, request)) response.write(`${line}\n`);
    response.end();
  } else {
    sendJson(response, 200, JSON.stringify(format.answer(reply, request)));
  }
}

function sendHalf(
  response: ServerResponse,
  format: WireFormat,
  request: RecordedRequest,
  text: string,
): void {
  const isStream = format.wantsStream(request);
  const whole = isStream
    ? format.stream({ text }, request).join('\n')
    : JSON.stringify(format.answer({ text }, request));
  response.writeHead(200, { 'content-type': isStream ? 'text/event-stream' : 'application/json' });
  response.write(whole.slice(0, whole.length / 2), () => response.destroy());
}

function sendJson(
  response: ServerResponse,
  status: number,
  body: string,
  headers?: Readonly<Record<string, string>>,
) {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(body);
}

/** One server-sent event of JSON data, with its name where the format names events. */
export function sseEvent(data: JsonValue, name?: string): string[] {
  return [...(name === undefined ? [] : [`event: ${name}`]), `data: ${JSON.stringify(data)}`, ''];
}

/** The pieces in which a text is streamed. */
export function piecesOf(text: string | readonly string[]): readonly string[] {
  return typeof text === 'string' ? [text] : text;
}

/** The text as one. */
export function wholeText(text: string | readonly string[]): string {
  return piecesOf(text).join('');
}
