import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decompressed } from './read-payload.ts';
import { sampleRequest } from './samples.ts';

const maxBytes = 10_000;

async function read(coding: string | undefined, body: Uint8Array) {
  const headers = { 'content-encoding': coding, 'content-length': String(body.length) };
  const request = await decompressed(sampleRequest({ headers, body }), maxBytes);
  return 'outcome' in request ? request : request.body.bytes(maxBytes);
}

describe('a compressed body', () => {
  test('is what it was before, whatever it was', async () => {
    const ways: [string, (bytes: Uint8Array) => Uint8Array][] = [
      ['gzip', gzipSync],
      ['x-gzip', gzipSync],
      ['GZIP', gzipSync],
      ['deflate', deflateSync],
      ['deflate', deflateRawSync],
      ['identity', (bytes) => bytes],
    ];
    await fc.assert(
      fc.asyncProperty(fc.uint8Array(), fc.constantFrom(...ways), async (bytes, [coding, compress]) => {
        const body = await read(coding, compress(bytes));
        if (!(body instanceof Uint8Array)) throw new Error(body.toString());
        expect(Buffer.from(body)).toEqual(Buffer.from(bytes));
      }),
    );
  });

  test('of exactly the bound is taken, and one byte more is not', async () => {
    expect(await read('gzip', gzipSync(Buffer.alloc(maxBytes)))).toHaveLength(maxBytes);
    expect(await read('gzip', gzipSync(Buffer.alloc(maxBytes + 1)))).toMatchObject({ reason: 'too-large' });
  });

  test('that is a bomb is refused by what comes out of it', async () => {
    const bomb = gzipSync(Buffer.alloc(9_000_000));
    expect(bomb.length).toBeLessThan(maxBytes);
    for (const [coding, body] of [
      ['gzip', bomb],
      ['deflate', deflateSync(Buffer.alloc(9_000_000))],
    ] as const) {
      expect(await read(coding, body)).toMatchObject({
        reason: 'too-large',
        detail: 'The body is larger than this connector allows, 10000 bytes.',
      });
    }
  });

  test('that is not what it says is malformed', async () => {
    const cut = gzipSync(Buffer.from('{"a":1}')).subarray(0, -9);
    for (const body of [Buffer.from('{"a":1}'), cut, Buffer.alloc(0)]) {
      expect(await read('gzip', body)).toMatchObject({
        reason: 'malformed',
        detail: 'The body does not match its Content-Encoding, gzip.',
      });
    }
  });
});
