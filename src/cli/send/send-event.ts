import { openAsBlob } from 'node:fs';
import { basename } from 'node:path';
import type { WireConnector } from '../../api/contract/index.ts';
import type { SampleContent } from '../../core/connectors/connector-type.ts';
import { isJsonObject } from '../../core/json/json-value.ts';
import type { ApiClient } from '../api-client.ts';
import { unreachable } from '../api-request.ts';
import { CliFailure } from '../cli-failure.ts';
import { whileWaiting } from '../spinner.ts';
import { sampleRequest } from './sample-request.ts';

/** The event that `connectors send` sends. */
export interface TestEvent {
  readonly payload: unknown;
  /** Paths of files to send as multipart/form-data. */
  readonly files: readonly string[];
  /** Each as `Name: value`. */
  readonly headers: readonly string[];
  /** Requests server-sent events. */
  readonly stream: boolean;
  /** Replaces the connector's own secret; `null` keeps it. */
  readonly secret: string | null;
}

/**
 * Sends an event to a connector's URL, with the secret or the signature that it requires.
 *
 * @throws CliFailure if the connector accepts no events, a file or header is not valid, or there is no response
 */
export async function sendEvent(
  api: ApiClient,
  connector: WireConnector,
  event: TestEvent,
): Promise<Response> {
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
  const headers = new Headers(event.stream ? { accept: 'text/event-stream' } : {});
  for (const line of event.headers) {
    const match = /^([^\s:]+):\s*(.*)$/.exec(line);
    if (match === null)
      throw new CliFailure('usage', `"${line}" is not a header. Write it as "Name: value".`);
    headers.set(match[1] ?? '', match[2] ?? '');
  }
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

async function fileOf(path: string): Promise<Blob> {
  try {
    return await openAsBlob(path);
  } catch {
    throw new CliFailure('usage', `Cannot read the file "${path}".`);
  }
}
