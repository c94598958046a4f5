import { openAsBlob } from 'node:fs';
import { basename } from 'node:path';
import type { WireConnector } from '../../api/contract/index.ts';
import { connectorTypes } from '../../connectors/index.ts';
import type { SampleContent } from '../../core/connectors/connector-type.ts';
import { isJsonObject } from '../../core/json/json-value.ts';
import type { ApiClient } from '../api-client.ts';
import { unreachable } from '../api-request.ts';
import { CliFailure } from '../cli-failure.ts';
import { headersFrom } from '../header-options.ts';
import type { Output } from '../output.ts';
import { whileWaiting } from '../spinner.ts';
import { printAnswer } from './print-answer.ts';
import { printStream } from './print-stream.ts';
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
  const way = connectorTypes.get(connector.type)?.modes[connector.mode]?.ways.socket;
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
