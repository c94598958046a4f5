import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { findJsonFault } from './json-fault.ts';
import { readJson, readJsonText } from './read-json.ts';

const limits = { maxDepth: 64, maxKeys: 1_000 };

const read = (body: string | Uint8Array) => readJson(Buffer.from(body), 'utf-8', limits);
const bytes = (text: string) => Buffer.from(text, 'latin1');

describe('JSON that is taken', () => {
  test.each([
    ['an empty object', '{}', '{}'],
    ['an empty list', ' [ ] ', '[]'],
    ['a text alone', '"a"', '"a"'],
    ['an empty text', '""', '""'],
    ['a number alone', '-0.1e-2', '-0.1e-2'],
    ['a word alone', '\n\t\r true ', 'true'],
    ['null', 'null', 'null'],
    ['escapes of every kind', '"\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9"', '"\\"\\\\/\\b\\f\\n\\r\\té"'],
    ['an escaped NUL', '"\\u0000"', '"\\u0000"'],
    ['half of a pair of surrogates', '"\\ud800"', '"\\ud800"'],
    ['a character beyond the first plane', '"\\ud83c\\udf0d🌍"', '"🌍🌍"'],
    ['what is no line break in JSON', '"\u2028\u2029\u007f"', '"\u2028\u2029\u007f"'],
    ['an empty key', '{"":0}', '{"":0}'],
    ['one key in two objects', '{"a":{"a":1},"b":[{"a":2}]}', '{"a":{"a":1},"b":[{"a":2}]}'],
    ['two keys that only look the same', '{"é":1,"e\u0301":2}', '{"é":1,"e\u0301":2}'],
    ['a byte order mark before it', '\ufeff{}', '{}'],
    ['colons and brackets in texts', '{"a:{[,":"]}:,"}', '{"a:{[,":"]}:,"}'],
  ])('%s', (_what, body, text) => {
    expect(read(body)).toEqual({ outcome: 'read', text });
  });
});

describe('JSON that is refused, with its place', () => {
  const malformed = 'The body is not valid JSON';

  test.each([
    // Structure.
    ['nothing', '', 1],
    ['blanks alone', '   ', 4],
    ['an object without end', '{', 2],
    ['a list without end', '[1', 3],
    ['a list of lists without end', '[[[', 4],
    ['one closed too often', '{}}', 3],
    ['two values', '1 2', 3],
    ['two values without a blank', '{}[]', 3],
    ['a list closed as an object', '[1}', 3],
    ['an object closed as a list', '{"a":1]', 7],
    ['a comment', '{"a":1/* b */}', 7],
    ['a line comment', '1 // b', 3],
    ['a blank that JSON has not', '[1,\u00a01]', 4],
    ['a form feed', '[\f1]', 2],
    ['a vertical tab', '\v1', 1],
    ['a NUL', '{}\0', 3],
    ['two byte order marks', '\ufeff\ufeff{}', 1],
    ['markup', '<a/>', 1],
    ['NDJSON', '{"a":1}\n{"a":2}', 'line 2 column 1'],
    // Lists.
    ['a comma at the end', '[1,]', 4],
    ['a comma at the beginning', '[,1]', 2],
    ['two commas', '[1,,2]', 4],
    ['a comma alone', '[,]', 2],
    ['no comma', '[1 2]', 4],
    ['a colon in a list', '["a":1]', 5],
    ['a star', '[*]', 2],
    ['a list of a word that is none', '[a', 2],
    ['a line break in a list, and no end', '[1,\n1\n,1', 'line 3 column 3'],
    // Objects.
    ['a key alone', '{"a"}', 5],
    ['a key and no value', '{"a":}', 6],
    ['no colon', '{"a" 1}', 6],
    ['two colons', '{"a"::1}', 6],
    ['a comma for a colon', '{"a",1}', 5],
    ['a key without quotes', '{a:1}', 2],
    ['a key in single quotes', "{'a':1}", 2],
    ['a number as a key', '{1:1}', 2],
    ['a comma at the end of an object', '{"a":1,}', 8],
    ['two commas in an object', '{"a":1,,"b":2}', 8],
    ['a value before a key', '{[:1}', 2],
    ['a key that ends with the text', '{"a', 4],
    ['an ellipsis', '{"a":1,...}', 8],
    // Texts.
    ['a text without end', '"a', 3],
    ['a quote alone', '"', 2],
    ['single quotes', "'a'", 1],
    ['no quotes', 'a', 1],
    ['a line break in a text', '"a\nb"', 3],
    ['a tab in a text', '"a\tb"', 3],
    ['a NUL in a text', '"a\0b"', 3],
    ['an unknown escape', '"\\x41"', 3],
    ['an escaped emoji', '"\\🌍"', 3],
    ['an escape cut short', '"\\u12"', 6],
    ['an escape that is no hex', '"\\u00zz"', 6],
    ['an escape in capitals', '"\\U0041"', 3],
    ['a backslash before the end', '"\\"', 4],
    ['a backslash as the end', '"\\', 3],
    ['an escape outside of a text', '\\n', 1],
    ['a text and more', '"a"b', 4],
    // Numbers.
    ['a plus', '+1', 1],
    ['two minuses', '--1', 2],
    ['a minus alone', '-', 2],
    ['a minus before a word', '-a', 2],
    ['a point at the beginning', '.5', 1],
    ['a point at the end', '[1.]', 3],
    ['a minus before a point', '-.5', 2],
    ['two points', '1.2.3', 4],
    ['a leading zero', '01', 2],
    ['a leading zero behind a minus', '-012', 3],
    ['an exponent without digits', '[1e]', 3],
    ['an exponent with a sign alone', '1e+', 2],
    ['two exponents', '1e1e1', 4],
    ['hexadecimal', '0x1F', 2],
    ['a blank in a number', '1 000', 3],
    ['an underscore', '1_000', 2],
    ['a comma in a number', '1,5', 2],
    ['other digits', '١', 1],
    ['a unit', '12px', 3],
    // Words.
    ['infinity', 'Infinity', 1],
    ['minus infinity', '-Infinity', 2],
    ['not a number', 'NaN', 1],
    ['a word in capitals', 'TRUE', 1],
    ['a word cut short', 'tru', 4],
    ['a word too long', 'nullo', 5],
    ['undefined', 'undefined', 1],
    ['a word of Python', '{"a": None}', 7],
  ])('%s: %j', (_what, body, place) => {
    const where = typeof place === 'number' ? `line 1 column ${place}` : place;
    const start = body === '' ? 'The body is empty, but its content type is JSON' : malformed;
    const refused = read(body);
    if (refused.outcome === 'read') throw new Error(`it was taken as ${refused.text}`);
    expect(refused).toMatchObject({
      reason: 'malformed',
      detail: expect.stringMatching(new RegExp(`^${start}`)),
    });
    expect(refused.detail).toContain(`(${where}).`);
  });

  test.each([
    ['a byte that UTF-8 has not', bytes('{"a":"\xff"}'), 7],
    ['a sequence cut short', bytes('["\xc3("]'), 3],
    ['a sequence that ends with the text', bytes('"\xe2\x82'), 2],
    ['one byte too many', bytes('"\x80"'), 2],
    ['an overlong form', bytes('"\xc0\xaf"'), 2],
    ['a surrogate', bytes('"\xed\xa0\x80"'), 2],
    ['beyond Unicode', bytes('"\xf4\xbf\xbf\xbf"'), 2],
    ['behind other characters', Buffer.concat([Buffer.from('"ü🌍'), bytes('\xff"')]), 4],
    ['Latin-1', bytes('{"name":"Zo\xeb"}'), 12],
  ])('bytes that are not UTF-8: %s', (_what, body, column) => {
    const detail = `The body is not valid UTF-8 text (line 1 column ${column}).`;
    expect(read(body)).toEqual({ outcome: 'refused', reason: 'malformed', detail });
  });

  test('bytes that are not UTF-8, far down in a large body', () => {
    const body = Buffer.concat([Buffer.from(`[${'"line",\n'.repeat(20_000)}"`), bytes('\xff"]')]);
    expect(readJson(body, 'utf-8', { maxDepth: 9, maxKeys: 1e6 })).toMatchObject({
      detail: 'The body is not valid UTF-8 text (line 20001 column 2).',
    });
  });

  test.each([
    ['{"a":1,"a":1}', '"a"', 'line 1 column 8'],
    ['{"a":1,\n "b":{"c":1,"c":2}}', '"c"', 'line 2 column 13'],
    ['[{"a":1},{"b":1,"b":1}]', '"b"', 'line 1 column 17'],
    ['{"a":1,"\\u0061":2}', '"\\u0061"', 'line 1 column 8'],
    ['{"":1,"":2}', '""', 'line 1 column 7'],
    ['{"__proto__":1,"__proto__":2}', '"__proto__"', 'line 1 column 16'],
  ])('a key that stands twice: %s', (body, key, place) => {
    const detail = `The key ${key} occurs twice in one object of the body (${place}).`;
    expect(read(body)).toEqual({ outcome: 'refused', reason: 'malformed', detail });
  });

  test('too many levels, and too many keys and list entries', () => {
    const nested = (depth: number) => `${'[{"a":'.repeat(depth / 2)}1${'}]'.repeat(depth / 2)}`;
    expect(read(nested(64))).toMatchObject({ outcome: 'read' });
    expect(read(`\n[${nested(64)}]`)).toEqual({
      outcome: 'refused',
      reason: 'malformed',
      detail: 'The JSON in the body is nested more than 64 levels deep (line 2 column 189).',
    });
    const keys = Array.from({ length: 1_000 }, (_, index) => `"${index}":1`);
    expect(read(`{${keys.join()}}`)).toMatchObject({ outcome: 'read' });
    expect(read(`{${keys.join()},"more":1}`)).toMatchObject({ reason: 'too-large' });
    expect(read(`[${'[],'.repeat(499)}[]]`)).toMatchObject({ outcome: 'read' });
    expect(read(`[${'[],'.repeat(500)}[]]`)).toMatchObject({ reason: 'too-large' });
  });
});

describe('whatever the text', () => {
  const pieces = fc.constantFrom(
    ...'{}[]:,"\\ \n019-.eEtrufalsn',
    '"a":',
    '"b"',
    'true',
    'null',
    '\\u00',
    '\u0001',
  );
  const scraps = fc.array(pieces, { maxLength: 20 }).map((parts) => parts.join(''));
  const damaged = fc
    .tuple(fc.json(), fc.nat(), fc.nat(3), fc.string({ maxLength: 2 }))
    .map(
      ([text, at, count, put]) =>
        text.slice(0, at % (text.length + 1)) + put + text.slice((at % (text.length + 1)) + count),
    );

  const isJson = (text: string) => {
    try {
      JSON.parse(text);
      return true;
    } catch {
      return false;
    }
  };

  test('a fault is found where JSON.parse finds one, also after keys that stand twice', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), scraps, damaged), (text) => {
        let ofOwnKeys = text;
        let fault = findJsonFault(text);
        // Other faults may come after a key that stands twice.
        for (let key = 0; fault !== null && fault.repeatedKey !== null; key++) {
          const after = fault.at + fault.repeatedKey.length;
          ofOwnKeys = `${ofOwnKeys.slice(0, fault.at)}"key ${key}"${ofOwnKeys.slice(after)}`;
          fault = findJsonFault(ofOwnKeys);
        }
        expect(isJson(text)).toBe(fault === null);
      }),
      { numRuns: 2_000 },
    );
  });

  test('it is read to the same value, or refused with a place', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), scraps, damaged), (text) => {
        const read_ = readJsonText(text, limits);
        if (read_.outcome === 'read') expect(JSON.parse(read_.text)).toEqual(JSON.parse(text));
        else expect(read_.detail).toMatch(/ \(line \d+ column \d+\)/);
      }),
      { numRuns: 2_000 },
    );
  });

  test('any bytes are read or refused with a place', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (body) => {
        const read_ = readJson(body, 'utf-8', limits);
        if (read_.outcome === 'refused') expect(read_.detail).toMatch(/ \(line \d+ column \d+\)/);
      }),
      { numRuns: 1_000 },
    );
  });
});
