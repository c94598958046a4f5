import { promisify } from 'node:util';
import { gunzip, inflate, inflateRaw, type ZlibOptions } from 'node:zlib';
import { bodyOfBytes, type HttpRequest } from '../../../core/connectors/http-request.ts';
import type { Refused } from '../../../core/connectors/received.ts';
import { refuseEvent } from '../../../core/connectors/refuse-event.ts';
import { RetryableError } from '../../../core/errors.ts';
import { readBody, refuseUnread } from './read-body.ts';

type Decoder = (bytes: Uint8Array, options: ZlibOptions) => Promise<Uint8Array>;

const decoders: Readonly<Record<'gzip' | 'deflate' | 'rawDeflate', Decoder>> = {
  gzip: promisify(gunzip),
  deflate: promisify(inflate),
  rawDeflate: promisify(inflateRaw),
};

/** Supported content codings (RFC 9110, section 8.4.1). */
const codings = new Set(['gzip', 'x-gzip', 'deflate']);

function decoderOf(coding: string, bytes: Uint8Array): Decoder {
  if (coding !== 'deflate') return decoders.gzip;
  // Some senders omit the zlib wrapper, and receivers are expected to cope with that.
  return hasZlibHeader(bytes) ? decoders.deflate : decoders.rawDeflate;
}

/**
 * The request with its body decompressed. The decompressed size has the same limit as the body: decoding stops at
 * `maxBytes`, so a bomb costs no more than a large body.
 */
export async function decompressed(request: HttpRequest, maxBytes: number): Promise<HttpRequest | Refused> {
  const { 'content-encoding': header = 'identity', 'content-length': _length, ...headers } = request.headers;
  const coding = header.trim().toLowerCase();
  if (coding === 'identity' || coding === '') return request;
  if (!codings.has(coding)) return unknownCoding(coding);
  const bytes = await readBody(request, maxBytes);
  if (!(bytes instanceof Uint8Array)) return bytes;
  try {
    const body = await decoderOf(coding, bytes)(bytes, { maxOutputLength: maxBytes });
    request.body.hold?.(body.length);
    return { ...request, headers, body: bodyOfBytes(body) };
  } catch (thrown) {
    if (thrown instanceof RetryableError) throw thrown;
    if (isTooLarge(thrown)) return refuseUnread('too-large', maxBytes);
    return refuseEvent('malformed', `The body does not match its Content-Encoding, ${coding}.`);
  }
}

function unknownCoding(coding: string): Refused {
  return refuseEvent(
    'unsupported-media-type',
    `The Content-Encoding ${JSON.stringify(coding)} is not supported. Send the body as gzip, as deflate, or uncompressed.`,
  );
}

/** RFC 1950: the method is "deflate", and a checksum covers the first two bytes. */
function hasZlibHeader(bytes: Uint8Array): boolean {
  const [first = 0, second = 0] = bytes;
  return (first & 0x0f) === 8 && (first * 256 + second) % 31 === 0;
}

function isTooLarge(thrown: unknown): boolean {
  return (
    typeof thrown === 'object' &&
    thrown !== null &&
    'code' in thrown &&
    thrown.code === 'ERR_BUFFER_TOO_LARGE'
  );
}
