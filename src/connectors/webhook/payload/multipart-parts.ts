import { pipeline } from 'node:stream/promises';
import { Busboy, type BusboyFileStream, type BusboyInstance } from '@fastify/busboy';
import type { Refused } from '../../../core/connector-type.ts';
import type { UnreadBody, WebhookRequest } from '../http-request.ts';
import { refuse } from '../refuse.ts';
import { maxFields, tooManyFields } from './form-fields.ts';
import { refuseUnread } from './read-body.ts';

/** One part of a `multipart/form-data` body. */
export interface Part {
  readonly fieldName: string | undefined;
  /** `undefined` where the part says none: then it is a text field, mostly. */
  readonly fileName: string | undefined;
  /** Lower-case media type without parameters; `text/plain` where the part says none. */
  readonly declaredType: string;
  /** `null` where the part is larger than `maxPartBytes`. */
  readonly bytes: Buffer | null;
}

/** Largest file (connectors.md, "File parts"). */
export const maxPartBytes = 10 * 1024 * 1024;

/** Reads the parts as they arrive, and stops at the first limit that is passed. */
export async function readParts(
  request: WebhookRequest,
  maxBytes: number,
): Promise<readonly Part[] | Refused> {
  const parts: Promise<Part>[] = [];
  const parser = parserOf(request.headers['content-type'] ?? '');
  if (parser === null) return refuse('malformed', 'The form has no boundary in its content type.');
  let refused: Refused | null = null;
  const stop = new AbortController();
  parser.on('file', (fieldName, stream, fileName, _encoding, declaredType) => {
    parts.push(collect(stream).then((bytes) => ({ fieldName, fileName, declaredType, bytes })));
  });
  parser.on('filesLimit', () => {
    refused = tooManyFields('The form');
    stop.abort();
  });
  try {
    await pipeline(limited(request, maxBytes), parser, { signal: stop.signal });
    return await Promise.all(parts);
  } catch (thrown) {
    if (refused !== null) return refused;
    if (thrown instanceof BodyNotRead) return refuseUnread(thrown.reason, maxBytes);
    return refuse('malformed', 'The form is not valid multipart/form-data: it has no end or a broken part.');
  }
}

function parserOf(contentType: string): BusboyInstance | null {
  try {
    return new Busboy({
      headers: { 'content-type': contentType },
      // Text fields too come as bytes, so that none is cut short or decoded with replacement characters.
      isPartAFile: () => true,
      limits: { files: maxFields, fileSize: maxPartBytes, headerPairs: 32, headerSize: 16 * 1024 },
    });
  } catch {
    return null;
  }
}

/** The bytes of a part. One that is too large is given up at once, and read past. */
function collect(stream: BusboyFileStream): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => {
    if (!stream.truncated) chunks.push(chunk);
  });
  stream.on('limit', () => chunks.splice(0));
  return new Promise((resolve) => {
    // A broken part fails its form, by the parser's own error.
    stream.on('error', () => resolve(null));
    stream.on('end', () => resolve(stream.truncated ? null : Buffer.concat(chunks)));
  });
}

class BodyNotRead extends Error {
  readonly reason: UnreadBody;

  constructor(reason: UnreadBody) {
    super(reason);
    this.reason = reason;
  }
}

async function* limited(request: WebhookRequest, maxBytes: number): AsyncGenerator<Uint8Array> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw new BodyNotRead('too-large');
  let total = 0;
  const chunks = request.body.stream()[Symbol.asyncIterator]();
  try {
    for (let next = await nextChunk(chunks); next.done !== true; next = await nextChunk(chunks)) {
      total += next.value.length;
      if (total > maxBytes) throw new BodyNotRead('too-large');
      yield next.value;
    }
  } finally {
    await chunks.return?.();
  }
}

async function nextChunk(chunks: AsyncIterator<Uint8Array>): Promise<IteratorResult<Uint8Array>> {
  try {
    return await chunks.next();
  } catch {
    throw new BodyNotRead('interrupted');
  }
}
