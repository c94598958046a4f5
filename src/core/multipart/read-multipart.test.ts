import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { judgeFile } from '../../files/file-kind.ts';
import { maxFields } from '../json/form-fields.ts';
import { maxHeaderBytes, maxPartBytes, readMultipart } from './read-multipart.ts';

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

interface Form {
  readonly bytes: Uint8Array;
  readonly boundary: string;
}

/** A form as a browser or `fetch` would send it. */
async function written(form: FormData): Promise<Form> {
  const response = new Response(form);
  const [, boundary = ''] = response.headers.get('content-type')?.split('boundary=') ?? [];
  return { bytes: await response.bytes(), boundary };
}

function rawForm(text: string): Form {
  return { bytes: Buffer.from(text.replaceAll('\n', '\r\n'), 'latin1'), boundary: 'b' };
}

async function shown({ bytes, boundary }: Form) {
  const read = await readMultipart(bytes, boundary, judgeFile);
  if (read.outcome === 'refused') return read;
  const { text, ...rest } = read;
  return { ...rest, payload: JSON.parse(text) };
}

async function payloadOf(...entries: readonly [string, string | File][]) {
  const form = new FormData();
  for (const [name, value] of entries) form.append(name, value);
  return shown(await written(form));
}

function file(content: string | Buffer<ArrayBuffer>, name: string, type = ''): File {
  return new File([content], name, { type });
}

async function sampleForm(): Promise<Form> {
  const form = new FormData();
  form.append('a', 'text');
  form.append('b', file(png, 'dot.png', 'image/png'));
  return written(form);
}

describe('a multipart form', () => {
  test('gives text fields as keys, and files with their content', async () => {
    const read = await payloadOf(
      ['title', 'Grüße'],
      ['tag', 'a'],
      ['tag', 'b'],
      ['picture', file(png, 'dot.png', 'image/png')],
      ['notes', file('a,b\n1,2', 'table.csv', 'text/csv')],
    );
    expect(read).toEqual({
      outcome: 'read',
      warnings: [],
      payload: {
        title: 'Grüße',
        tag: ['a', 'b'],
        files: [
          {
            name: 'dot.png',
            field_name: 'picture',
            mime_type: 'image/png',
            data: png.toString('base64'),
            size: png.length,
          },
          {
            name: 'table.csv',
            field_name: 'notes',
            mime_type: 'text/csv',
            data: Buffer.from('a,b\n1,2').toString('base64'),
            size: 7,
          },
        ],
      },
    });
  });

  test('without files has no key for them', async () => {
    expect(await payloadOf(['a', '1'])).toEqual({ outcome: 'read', warnings: [], payload: { a: '1' } });
  });

  test('leaves out a file of another kind, and says so', async () => {
    const elf = Buffer.concat([Buffer.from('\x7fELF\x02\x01\x01\0', 'latin1'), Buffer.alloc(64)]);
    const read = await payloadOf(['a', '1'], ['program', file(elf, 'tool', 'image/png')]);
    expect(read).toEqual({
      outcome: 'read',
      payload: { a: '1' },
      warnings: ['The file "tool" was omitted: files of type application/x-elf are not accepted.'],
    });
  });

  test('leaves out a file that is too large, and keeps the others', async () => {
    const read = await payloadOf(
      ['big', file(Buffer.alloc(maxPartBytes + 1, 'a'), 'big.txt', 'text/plain')],
      ['small', file('a', 'small.txt', 'text/plain')],
    );
    expect(read).toMatchObject({
      payload: { files: [{ name: 'small.txt' }] },
      warnings: ['The file "big.txt" was omitted: it is larger than 10 MB.'],
    });
  });

  test('takes a file of exactly the largest size', async () => {
    const read = await payloadOf(['big', file(Buffer.alloc(maxPartBytes, 'a'), 'big.txt', 'text/plain')]);
    expect(read).toMatchObject({ payload: { files: [{ size: maxPartBytes }] }, warnings: [] });
  });

  test('keeps the key "files" for files', async () => {
    expect(await payloadOf(['files', 'text'])).toEqual({
      outcome: 'read',
      payload: {},
      warnings: ['The text field "files" was omitted: this name is reserved for uploaded files.'],
    });
  });

  test('takes no notice of a file input in which nothing was chosen', async () => {
    const nothing = file('', '', 'application/octet-stream');
    expect(await payloadOf(['picture', nothing])).toEqual({ outcome: 'read', payload: {}, warnings: [] });
  });

  test('keeps names that mean something to JavaScript as data', async () => {
    const read = await payloadOf(['__proto__', 'a']);
    expect(read.outcome === 'read' && Object.keys(read.payload ?? {})).toEqual(['__proto__']);
  });

  test('takes a file without a name by its field name, and a path by its last part', async () => {
    const head = '--b\r\nContent-Type: image/png\r\nContent-Disposition: form-data; name="dot"';
    const bytes = Buffer.concat([
      Buffer.from(`${head}\r\n\r\n`),
      png,
      Buffer.from(`\r\n${head}; filename="../../etc/dot.png"\r\n\r\n`),
      png,
      Buffer.from('\r\n--b--\r\n'),
    ]);
    const read = await shown({ bytes, boundary: 'b' });
    expect(read).toMatchObject({ payload: { files: [{ name: 'dot' }, { name: 'dot.png' }] } });
  });
});

describe('the header of a part', () => {
  const named = (disposition: string) =>
    `--b\nContent-Type: text/csv\nContent-Disposition: form-data; name="a"; ${disposition}\n\n1,2\n--b--\n`;

  test.each([
    [`filename="plain.csv"; filename*=UTF-8''na%C3%AFve.csv`, 'naïve.csv'],
    [`filename*=UTF-8''na%C3%AFve.csv; filename="plain.csv"`, 'naïve.csv'],
    [`filename*=iso-8859-1'en'%A3.csv; filename=plain.csv`, '£.csv'],
    [`filename*=UTF-8''..%2F..%2Fetc%2Fnames.csv`, 'names.csv'],
    [`filename*=klingon''x.csv; filename="plain.csv"`, 'plain.csv'],
    [`filename*=UTF-8''%ff.csv; filename="plain.csv"`, 'plain.csv'],
    ['filename="C:\\Documents\\old.csv"', 'old.csv'],
    ['filename="with \\"quotes\\".csv"', 'with "quotes".csv'],
    ['filename="semi;colon=.csv"', 'semi;colon=.csv'],
    ['filename=bare.csv', 'bare.csv'],
    ['FILENAME="capitals.csv"', 'capitals.csv'],
  ])('with %s names the file %s', async (disposition, name) => {
    const read = await shown(rawForm(named(disposition)));
    expect(read).toMatchObject({ payload: { files: [{ name, data: 'MSwy' }] } });
  });

  test('of 16 kB is read whole; a larger one is refused, and says which it is', async () => {
    const disposition = 'Content-Disposition: form-data; name="a"';
    const form = (more: number) =>
      rawForm(
        `--b\n${disposition}\n\nfirst\n--b\nX-Long: ${'x'.repeat(more)}\n${disposition}\n\nsecond\n--b--\n`,
      );
    const fits = maxHeaderBytes - `X-Long: \r\n${disposition}`.length;
    expect(await shown(form(fits))).toMatchObject({
      payload: { a: ['first', 'second'] },
    });
    for (const more of [fits + 1, 100_000]) {
      expect(await shown(form(more))).toEqual({
        outcome: 'refused',
        reason: 'too-large',
        detail: 'Part 2 of the form has a header of more than 16 kB.',
      });
    }
  });

  test('is read whole, however many lines it has', async () => {
    const lines = Array.from({ length: 60 }, (_, index) => `X-${index}: ${index}\n`).join('');
    const form = rawForm(`--b\n${lines}Content-Disposition: form-data;\n name="a"\n\n1\n--b--\n`);
    expect(await shown(form)).toMatchObject({ payload: { a: '1' } });
  });

  test.each(['no colon', 'Content Disposition: form-data', 'Content-Disposition: attachment; name="a"', ''])(
    'that is %j breaks the form',
    async (line) => {
      const form = rawForm(`--b\n${line}${line && '\n'}\n1\n--b--\n`);
      expect(await shown(form)).toMatchObject({
        reason: 'malformed',
        detail: 'Part 1 of the form has a broken header.',
      });
    },
  );
});

describe('the content of a part', () => {
  const part = (content: string) => `--b\nContent-Disposition: form-data; name="a"\n\n${content}`;

  test.each([
    ['what only begins like a boundary', '1\n--boundary\n--b2', '1\r\n--boundary\r\n--b2'],
    ['line breaks at both ends', '\n1\n', '\r\n1\r\n'],
    ['nothing', '', ''],
    ['a boundary that is no line', '1--b--', '1--b--'],
  ])('may be %s', async (_what, content, text) => {
    const form = rawForm(`preamble\n${part(content)}\n--b  \n${part('last').slice(4)}\n--b--\nepilogue`);
    expect(await shown(form)).toMatchObject({ payload: { a: [text, 'last'] } });
  });

  test('may be left out, with the line before it', async () => {
    const form = rawForm('--b\nContent-Disposition: form-data; name="a"\n\n--b--\n');
    expect(await shown(form)).toMatchObject({ payload: { a: '' } });
  });
});

describe('a multipart form is refused', () => {
  test.each([
    ['without an end', '--b\nContent-Disposition: form-data; name="a"\n\nhalf'],
    ['without an end of its headers', '--b\nContent-Disposition: form-data; name="a"'],
    ['without any part', 'nothing of a form'],
    ['with nothing in it', ''],
  ])('%s', async (_what, text) => {
    expect(await shown(rawForm(text))).toEqual({
      outcome: 'refused',
      reason: 'malformed',
      detail: 'The form is not valid multipart/form-data: its last boundary is missing.',
    });
  });

  test('with a part that has no name', async () => {
    const read = await shown(rawForm('--b\nContent-Disposition: form-data\n\na\n--b--\n'));
    expect(read).toMatchObject({ reason: 'malformed', detail: 'A part of the form has no name.' });
  });

  test('with text that is not valid UTF-8', async () => {
    const text = '--b\nContent-Disposition: form-data; name="a"\n\n\xff\n--b--\n';
    expect(await shown(rawForm(text))).toMatchObject({
      reason: 'malformed',
      detail: 'The field "a" is not valid UTF-8 text.',
    });
  });

  test('with a text field that is too large', async () => {
    expect(await payloadOf(['a', 'x'.repeat(maxPartBytes + 1)])).toMatchObject({
      reason: 'too-large',
      detail: 'The field "a" is larger than 10 MB.',
    });
  });

  test('with too many parts', async () => {
    const part = '--b\nContent-Disposition: form-data; name="a"\n\n1\n';
    const read = await shown(rawForm(`${part.repeat(maxFields + 1)}--b--\n`));
    expect(read).toMatchObject({ reason: 'too-large', detail: 'The form has more than 1000 fields.' });
  });
});

describe('whatever the form', () => {
  const name = fc.stringMatching(/^[a-z_]{1,8}$/).filter((text) => text !== 'files');

  test('text comes out as it went in', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.tuple(name, fc.string()), { selector: ([key]) => key }),
        async (fields) => {
          const read = await payloadOf(...fields.map(([key, value]): [string, string] => [key, value]));
          const normalized = fields.map(([key, value]) => [key, value.replace(/\r\n|\r|\n/g, '\r\n')]);
          expect(read).toMatchObject({ payload: Object.fromEntries(normalized) });
        },
      ),
      { numRuns: 50 },
    );
  });

  test('a damaged one is read or refused, and never hangs', async () => {
    const { bytes, boundary } = await sampleForm();
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: bytes.length }), fc.nat({ max: 20 }), async (at, count) => {
        const damaged = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + count)]);
        const read = await shown({ bytes: damaged, boundary });
        expect(['read', 'refused']).toContain(read.outcome);
      }),
      { numRuns: 300 },
    );
  });
});
