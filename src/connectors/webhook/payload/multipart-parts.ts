import { parse as parseContentType } from 'content-type';
import type { HttpRequest, UnreadBody } from '../../../core/connectors/http-request.ts';
import type { Refused } from '../../../core/connectors/received.ts';
import { RetryableError } from '../../../core/errors.ts';
import { maxFields, tooManyFields } from '../../../core/json/form-fields.ts';
import { refuse } from '../refuse.ts';
import { type PartHeader, parsePartHeader } from './part-header.ts';
import { refuseUnread } from './read-body.ts';
import { MultipartSplitter } from './split-multipart.ts';

/** One part of a `multipart/form-data` body. */
export interface Part extends PartHeader {
  /** `null` where the part is larger than `maxPartBytes`. */
  readonly bytes: Buffer | null;
}

/** Largest file. */
export const maxPartBytes = 10 * 1024 * 1024;
/** Largest header of a part: many times what the longest name of a file needs. */
export const maxHeaderBytes = 16 * 1024;

/** Reads the parts as they arrive, and stops at the first limit that is passed. */
export async function readParts(request: HttpRequest, maxBytes: number): Promise<readonly Part[] | Refused> {
  const { boundary } = parseContentType(request.headers['content-type'] ?? '').parameters;
  if (!boundary) return refuse('malformed', 'The form has no boundary in its content type.');
  const parts: CollectedPart[] = [];
  let refused: Refused | null = null;
  const splitter = new MultipartSplitter(boundary, maxHeaderBytes, {
    begin(bytes) {
      const header = parsePartHeader(bytes);
      if (parts.length === maxFields) refused = tooManyFields('The form');
      else if (header === null) refused = refuse('malformed', `${nameOf(parts.length)} has a broken header.`);
      if (refused !== null || header === null) return null;
      const part = new CollectedPart(header);
      parts.push(part);
      return (piece) => part.add(piece);
    },
  });
  try {
    for await (const piece of limited(request, maxBytes)) {
      const fault = splitter.push(piece);
      if (fault === 'header-too-large') return largeHeader(parts.length);
      if (fault !== null) break;
    }
  } catch (thrown) {
    if (thrown instanceof BodyNotRead) return refuseUnread(thrown.reason, maxBytes);
    throw thrown;
  }
  if (refused !== null) return refused;
  if (splitter.hasEnded) return parts.map((part) => part.whole());
  return refuse('malformed', 'The form is not valid multipart/form-data: its last boundary is missing.');
}

function nameOf(partsBefore: number): string {
  return `Part ${partsBefore + 1} of the form`;
}

function largeHeader(partsBefore: number): Refused {
  const most = `${maxHeaderBytes / 1024} kB`;
  return refuse('too-large', `${nameOf(partsBefore)} has a header of more than ${most}.`);
}

/** A part as it comes. One that is too large is given up at once, and read past. */
class CollectedPart {
  readonly #header: PartHeader;
  #pieces: Buffer[] | null = [];
  #size = 0;

  constructor(header: PartHeader) {
    this.#header = header;
  }

  add(piece: Buffer): void {
    this.#size += piece.length;
    if (this.#size > maxPartBytes) this.#pieces = null;
    else this.#pieces?.push(piece);
  }

  whole(): Part {
    return { ...this.#header, bytes: this.#pieces && Buffer.concat(this.#pieces) };
  }
}

class BodyNotRead extends Error {
  readonly reason: UnreadBody;

  constructor(reason: UnreadBody) {
    super(reason);
    this.reason = reason;
  }
}

async function* limited(request: HttpRequest, maxBytes: number): AsyncGenerator<Uint8Array> {
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
  } catch (thrown) {
    if (thrown instanceof RetryableError) throw thrown;
    throw new BodyNotRead('interrupted');
  }
}
