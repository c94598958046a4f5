import { openAsBlob } from 'node:fs';
import { basename } from 'node:path';
import { EventSourceParserStream } from 'eventsource-parser/stream';
import * as z from 'zod';
import { errorBody, type WireConnector } from '../../api/contract/index.ts';
import { typeLoaders } from '../../connectors/registry.ts';
import type { SampleContent } from '../../core/connectors/connector-type.ts';
import { isJsonObject } from '../../core/json/json-value.ts';
import type { ApiClient } from '../api-client.ts';
import { refusal, unreachable } from '../api-request.ts';
import { CliFailure } from '../cli-failure.ts';
import { headersFrom } from '../header-options.ts';
import type { Output } from '../output.ts';
import { printable } from '../printable.ts';
import { whileWaiting } from '../spinner.ts';
import {
  filteredAnswer,
  filteredNote,
  inboundAnswer,
  judge,
  resultsOf,
  type SyncAnswer,
  syncAnswer,
} from './run-answer.ts';
import { sampleRequest } from './sample-request.ts';
import { sendMessage } from './send-message.ts';

/** The event that `connectors send` sends. */
export interface TestEvent {
  readonly payload: unknown;
  /** Paths of files to send: as multipart/form-data, or in the payload of a message. */
  readonly files: readonly string[];
  /** Each as `Name: value`. */
  readonly headers: readonly string[];
  /** Requests server-sent events. */
  readonly stream: boolean;
  /** Replaces the connector's own secret; `null` keeps it. */
  readonly secret: string | null;
}

/**
 * Sends an event to a connector's URL, with the secret or the signature that it requires, and prints the response.
 *
 * @throws CliFailure if the connector accepts no events, a file or header is not valid, there is no response, the
 *   connector refuses the event, or a run failed
 */
export async function sendEvent(
  api: ApiClient,
  connector: WireConnector,
  event: TestEvent,
  output: Output,
): Promise<void> {
  const type = await typeLoaders[connector.type]?.();
  const way = type?.modes[connector.mode]?.ways.socket;
  if (way?.meaningOf !== undefined) {
    const content = { kind: 'payload', json: JSON.stringify(await withFiles(event)) } as const;
    const made = await sampleRequest(api, connector, content, event.secret);
    const headers = Object.fromEntries(headersOf({ ...event, stream: false }));
    await sendMessage(
      connector.name,
      { ...made, headers: { ...headers, ...made.headers } },
      way.meaningOf,
      output,
    );
    return;
  }
  const response = await request(api, connector, event);
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
  await (isStream ? printStream(response, output) : printAnswer(response, output));
}

async function request(api: ApiClient, connector: WireConnector, event: TestEvent): Promise<Response> {
  const made = await sampleRequest(api, connector, await contentOf(event), event.secret);
  const headers = headersOf(event);
  for (const [header, value] of Object.entries(made.headers)) headers.set(header, value);
  const { url, method } = made;
  const body = typeof made.body === 'string' ? made.body : made.body && Uint8Array.from(made.body);
  return whileWaiting(`waiting for "${connector.name}"`, async () => {
    try {
      return await fetch(url, { method, headers, body });
    } catch (thrown) {
      throw unreachable(new URL(url).origin, thrown);
    }
  });
}

function headersOf(event: TestEvent): Headers {
  const headers = headersFrom(event.headers);
  if (event.stream && !headers.has('accept')) headers.set('accept', 'text/event-stream');
  return headers;
}

async function contentOf({ payload, files }: TestEvent): Promise<SampleContent> {
  if (files.length === 0) return { kind: 'payload', json: JSON.stringify(payload) };
  const form = new FormData();
  for (const [field, value] of Object.entries(isJsonObject(payload) ? payload : { message: payload })) {
    form.append(field, typeof value === 'string' ? value : JSON.stringify(value));
  }
  for (const path of files) form.append('file', await fileOf(path), basename(path));
  const encoded = new Response(form);
  const contentType = encoded.headers.get('content-type') ?? '';
  return { kind: 'body', contentType, bytes: await encoded.bytes() };
}

/** Messages have no parts: their files are in the payload. */
async function withFiles({ payload, files }: TestEvent): Promise<unknown> {
  if (files.length === 0) return payload;
  const sent = files.map(async (path) => {
    const bytes = await (await fileOf(path)).bytes();
    return { name: basename(path), data: Buffer.from(bytes).toString('base64') };
  });
  const fields = isJsonObject(payload) ? payload : { message: payload };
  return { ...fields, files: await Promise.all(sent) };
}

async function fileOf(path: string): Promise<Blob> {
  try {
    return await openAsBlob(path);
  } catch {
    throw new CliFailure('usage', `Cannot read the file "${path}".`);
  }
}

/**
 * Prints a connector's response.
 *
 * @throws CliFailure if the connector refused the event, or a run failed
 */
async function printAnswer(response: Response, output: Output): Promise<void> {
  const text = await response.text();
  const body = parseJson(text);
  if (!response.ok) throw refusal(new URL(response.url).origin, response.status, body);
  const sync = syncAnswer.safeParse(body);
  output.answer(body ?? text, () => (sync.success ? outputsOf(sync.data) : startedRuns(body, text)));
  if (response.headers.has('idempotent-replayed'))
    output.note('Duplicate: this event was already received. No new run was started.');
  if (sync.success) judge(sync.data, output);
}

function outputsOf(answer: SyncAnswer): string | null {
  const results = resultsOf(answer);
  if (results.length === 1) return answer.result.output && printable(answer.result.output);
  return results.map((result) => `${result.agent_name}: ${printable(result.output ?? '-')}`).join('\n');
}

function startedRuns(body: unknown, text: string): string {
  if (filteredAnswer.safeParse(body).success) return filteredNote;
  const inbound = inboundAnswer.safeParse(body);
  if (!inbound.success) return printable(text) || 'Accepted.';
  const { dispatched_to: count, run_ids: runIds } = inbound.data;
  return [`Accepted: ${count} ${count === 1 ? 'run' : 'runs'}.`, ...runIds].join('\n');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const chunk = z.object({ text: z.string() });

/**
 * Prints the text of a streamed response as it arrives; under `--json`, one line per event.
 *
 * @throws CliFailure if the stream ends with an error or without a result, or the run failed
 */
async function printStream(response: Response, output: Output): Promise<void> {
  const messages = response.body
    ?.pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream());
  let streamedText = '';
  for await (const { event, data } of messages ?? []) {
    const body: unknown = JSON.parse(data);
    if (output.json) output.line({ event, data: body }, () => '');
    else if (event === 'chunk') streamedText += writeText(chunk.parse(body).text);
    if (event === 'error') throw new CliFailure('failed', errorBody.parse(body).detail);
    if (filteredAnswer.safeParse(body).success) return output.note(filteredNote);
    if (event === 'result') return end(syncAnswer.parse(body), streamedText, output);
  }
  throw new CliFailure('failed', 'The stream ended before the result arrived.');
}

function writeText(text: string): string {
  process.stdout.write(printable(text));
  return text;
}

/** Prints the output of a run that streamed no text (a tool agent). */
function end(answer: z.infer<typeof syncAnswer>, streamedText: string, output: Output): void {
  if (!output.json)
    process.stdout.write(streamedText === '' ? `${printable(answer.result.output ?? '')}\n` : '\n');
  judge(answer, output);
}
