import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { maxFields } from '../../../core/json/form-fields.ts';
import { readForm } from '../../../core/json/read-form.ts';
import { readJson } from '../../../core/json/read-json.ts';
import { readText } from '../../../core/json/read-text.ts';
import { readMultipart } from '../../../core/multipart/read-multipart.ts';
import { judgeFile } from '../../../files/file-kind.ts';
import { maxDepth, readPayload } from '../read-payload.ts';
import { sampleRequest, shownRead } from '../samples.ts';

const maxBytes = 10_000;
const reading = {
  ...{ maxBytes, maxKeys: 3_000, jsonField: null, readJson, readForm, readText },
  readMultipart: (bytes: Uint8Array, boundary: string) => readMultipart(bytes, boundary, judgeFile),
};

function read(contentType: string | undefined, body: string | Uint8Array, headers = {}) {
  const request = sampleRequest({ headers: { 'content-type': contentType, ...headers }, body });
  return readPayload(request, reading).then(shownRead);
}

function readQuery(query: string) {
  return readPayload(sampleRequest({ method: 'GET', query }), reading).then(shownRead);
}

const form = 'application/x-www-form-urlencoded';

describe('a payload', () => {
  test.each([
    ['a JSON object is itself', 'application/json', '{"a":[1,null]}', { a: [1, null] }],
    ['a JSON value of any kind is itself', 'application/json', '"text"', 'text'],
    ['JSON with a charset', 'Application/JSON; Charset="UTF-8"', '{"ä":1}', { ä: 1 }],
    ['JSON after a byte order mark', 'application/json', '\ufeff{"a":1}', { a: 1 }],
    ['JSON of long ago', 'text/json; charset=utf-8', '{"a":1}', { a: 1 }],
    ['JSON of a kind', 'application/cloudevents+json', '{"a":1}', { a: 1 }],
    ['a form', form, 'a=1&b=x+y%21&c&d=', { a: '1', b: 'x y!', c: '', d: '' }],
    ['a form with a repeated field', form, 'a=1&a=2&b=3', { a: ['1', '2'], b: '3' }],
    ['a form with raw UTF-8', form, 'name=Zoë', { name: 'Zoë' }],
    ['a form with a stray percent sign', form, 'a=100%', { a: '100%' }],
    ['a form with a field named secret', form, 'secret=a', { secret: 'a' }],
    ['text', 'text/plain', 'Hello', { message: 'Hello' }],
    ['empty text', 'text/plain', '', { message: '' }],
    ['text of another kind', 'application/xml', '<a/>', { message: '<a/>' }],
    ['text that says it is bytes', 'application/octet-stream', 'Hello', { message: 'Hello' }],
    ['text of no type', undefined, 'Hello', { message: 'Hello' }],
    ['a drawing, which is text', 'image/svg+xml', '<svg/>', { message: '<svg/>' }],
    ['nothing at all', undefined, '', {}],
  ])('%s', async (_what, contentType, body, payload) => {
    expect(await read(contentType, body)).toEqual({ outcome: 'read', payload, warnings: [] });
  });

  test('is decoded by the charset that the sender names', async () => {
    const latin1 = Buffer.from('Zoë', 'latin1');
    expect(await read('text/plain; charset=iso-8859-1', latin1)).toMatchObject({
      payload: { message: 'Zoë' },
    });
    expect(await read(`${form}; charset=iso-8859-1`, 'a=Zo%EB')).toMatchObject({ payload: { a: 'Zoë' } });
    const utf16 = Buffer.from('{"a":1}', 'utf16le');
    expect(await read('application/json; charset=utf-16le', utf16)).toMatchObject({ payload: { a: 1 } });
  });

  test('of a GET has the query parameters, the secret left out', async () => {
    const { payload } = { payload: null, ...(await readQuery('a=1&secret=top&b=%C3%BC&a=2')) };
    expect(payload).toEqual({ a: ['1', '2'], b: 'ü' });
    expect(await readQuery('')).toMatchObject({ payload: {} });
    expect(await readQuery('s%65cret=top')).toMatchObject({ payload: {} });
  });

  test('keeps keys that mean something to JavaScript as data', async () => {
    for (const received of [
      await read('application/json', '{"__proto__":{"admin":true},"constructor":"a"}'),
      await read(form, '__proto__=admin&constructor=a'),
      await readQuery('__proto__=admin&constructor=a'),
    ]) {
      if (received.outcome === 'refused') throw new Error(received.detail);
      expect(Object.keys(received.payload ?? {})).toEqual(['__proto__', 'constructor']);
      expect(Object.getPrototypeOf(received.payload)).toBe(Object.prototype);
    }
    expect({}).not.toHaveProperty('admin');
  });
});

describe('a body that cannot be read is refused', () => {
  test.each([
    ['JSON that is none', 'application/json', '{"a":1\n b}', 'The body is not valid JSON (line 2 column 2).'],
    [
      'JSON that ends too early',
      'application/json',
      '{"a":',
      'The body is not valid JSON (line 1 column 6).',
    ],
    [
      'no JSON at all',
      'application/json',
      '',
      'The body is empty, but its content type is JSON (line 1 column 1).',
    ],
    [
      'JSON in broken UTF-8',
      'application/json',
      Buffer.from([0x22, 0xff, 0x22]),
      'The body is not valid UTF-8 text (line 1 column 2).',
    ],
    [
      'broken text',
      'text/plain',
      Buffer.from([0xc3, 0x28]),
      'The body is not valid UTF-8 text (line 1 column 1).',
    ],
    ['a form in broken UTF-8', form, 'a=%FF', 'The form is not valid UTF-8 text.'],
    [
      'a form without a boundary',
      'multipart/form-data',
      'a',
      'The form has no boundary in its content type.',
    ],
  ])('as malformed: %s', async (_what, contentType, body, detail) => {
    expect(await read(contentType, body)).toEqual({ outcome: 'refused', reason: 'malformed', detail });
  });

  test.each([
    ['an image', 'image/png', 'a'],
    ['a PDF', 'application/pdf', '%PDF-1.7'],
    ['several parts that are no form', 'multipart/mixed; boundary=a', '--a--'],
    ['bytes that are no text', 'application/octet-stream', Buffer.from([0xff, 0xfe])],
    ['bytes with a NUL', 'application/x-thing', 'a\0b'],
    ['bytes without a type', undefined, Buffer.from([0x80])],
    ['text in an unknown charset', 'text/plain; charset=klingon', 'a'],
  ])('as unsupported: %s', async (_what, contentType, body) => {
    expect(await read(contentType, body)).toMatchObject({
      outcome: 'refused',
      reason: 'unsupported-media-type',
    });
  });

  test.each(['br', 'zstd', 'gzip, gzip', 'klingon'])(
    'as unsupported: a body compressed as %s',
    async (coding) => {
      expect(await read('application/json', '{}', { 'content-encoding': coding })).toMatchObject({
        reason: 'unsupported-media-type',
        detail: `The Content-Encoding "${coding}" is not supported. Send the body as gzip, as deflate, or uncompressed.`,
      });
    },
  );

  test('as too large, by what it says and by what it is', async () => {
    const detail = 'The body is larger than this connector allows, 10000 bytes.';
    const large = 'x'.repeat(maxBytes + 1);
    for (const type of ['application/json', 'text/plain', 'multipart/form-data; boundary=b']) {
      expect(await read(type, large)).toMatchObject({ reason: 'too-large', detail });
      expect(await read(type, 'x', { 'content-length': '10001' })).toMatchObject({
        reason: 'too-large',
        detail,
      });
    }
  });

  test('as too large: a form with too many fields', async () => {
    const fields = Array.from({ length: maxFields + 1 }, () => 'a=b').join('&');
    expect(await read(form, fields)).toMatchObject({ reason: 'too-large' });
    expect(await readQuery(fields)).toMatchObject({ reason: 'too-large' });
  });

  test('as too large: JSON with too many keys and list entries', async () => {
    const detail =
      'The JSON in the body has more than 3000 keys and list entries (line 2 column 6001), the limit of this connector.';
    const lists = `\n[${'0,'.repeat(2_999)}0]`;
    expect(await read('application/json', lists)).toMatchObject({ outcome: 'read' });
    expect(await read('application/json', lists.replace('[', '[0,'))).toEqual({
      outcome: 'refused',
      reason: 'too-large',
      detail,
    });
  });

  test('as malformed: JSON nested too deep for programs that read it', async () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
    expect(await read('application/json', nested(maxDepth))).toMatchObject({ outcome: 'read' });
    expect(await read('application/json', nested(maxDepth + 1))).toMatchObject({ reason: 'malformed' });
    expect(await read('application/json', nested(2_000))).toMatchObject({
      reason: 'malformed',
      detail: 'The JSON in the body is nested more than 256 levels deep (line 1 column 257).',
    });
  });
});

describe('whatever the values', () => {
  test('JSON comes out as it went in', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (value) => {
        const payload: unknown = JSON.parse(JSON.stringify(value));
        expect(await read('application/json', JSON.stringify(value))).toEqual({
          outcome: 'read',
          payload,
          warnings: [],
        });
      }),
    );
  });

  test('a form with any bytes in it is read or refused as it was sent', async () => {
    const escapes = fc.array(
      fc.oneof(
        fc.constantFrom('%', '+', '&', '=', 'a', '%4', '%zz'),
        fc.nat(255).map((byte) => `%${byte.toString(16).padStart(2, '0')}`),
      ),
    );
    await fc.assert(
      fc.asyncProperty(escapes, async (pieces) => {
        const text = pieces.join('');
        const expected = [...new URLSearchParams(text)].flat().join();
        const received = await read(form, text);
        if (received.outcome === 'refused') expect(expected).toContain('\ufffd');
        else
          expect(Object.keys(received.payload ?? {}).sort()).toEqual(
            [...new Set(new URLSearchParams(text).keys())].sort(),
          );
      }),
    );
  });

  test('a form and a query come out as URLSearchParams reads them', async () => {
    const pairs = fc.array(fc.tuple(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' })), {
      maxLength: 5,
    });
    await fc.assert(
      fc.asyncProperty(pairs, async (fields) => {
        const parameters = new URLSearchParams(fields);
        const expected = Object.fromEntries(
          [...new Set(parameters.keys())].map((name) => {
            const values = parameters.getAll(name);
            return [name, values.length === 1 ? values[0] : values];
          }),
        );
        expect(await read(form, String(parameters))).toMatchObject({ payload: expected });
        parameters.delete('secret');
        expect(await readQuery(String(parameters))).toMatchObject({ outcome: 'read' });
      }),
    );
  });
});
