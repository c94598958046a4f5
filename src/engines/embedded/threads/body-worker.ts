import { parentPort } from 'node:worker_threads';
import { type FormReading, readForm } from '../../../core/json/read-form.ts';
import { type JsonLimits, type JsonRead, readJson } from '../../../core/json/read-json.ts';
import { readText } from '../../../core/json/read-text.ts';
import { type MultipartRead, readMultipart } from '../../../core/multipart/read-multipart.ts';
import { judgeFile } from '../../../files/file-kind.ts';

// Runs in the thread of the body reader: reads each body that it is sent.

/** A body, and how to read it. */
export type Body = { readonly bytes: Uint8Array } & (
  | { readonly kind: 'json'; readonly charset: string; readonly limits: JsonLimits }
  | { readonly kind: 'form'; readonly charset: string; readonly reading: FormReading }
  | { readonly kind: 'text'; readonly charset: string; readonly type: string }
  | { readonly kind: 'multipart'; readonly boundary: string }
);

parentPort?.on('message', async (body: Body) => {
  parentPort?.postMessage(await read(body));
});

function read(body: Body): JsonRead | Promise<MultipartRead> {
  switch (body.kind) {
    case 'json':
      return readJson(body.bytes, body.charset, body.limits);
    case 'form':
      return readForm(body.bytes, body.charset, body.reading);
    case 'text':
      return readText(body.bytes, body.type, body.charset);
    case 'multipart':
      return readMultipart(body.bytes, body.boundary, judgeFile);
  }
}
