import { deflateRawSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { judgeFile } from './file-kind.ts';

const bytesOf = (latin1: string, padding = 64) =>
  Buffer.concat([Buffer.from(latin1, 'latin1'), Buffer.alloc(padding)]);

const jpeg = bytesOf('\xff\xd8\xff\xe0\0\x10JFIF\0');
const pdf = bytesOf('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n');
const exe = bytesOf('MZ\x90\0');
const flac = bytesOf('fLaC');

describe('a file is taken', () => {
  test.each([
    ['an image', jpeg, 'image/jpeg', 'a.jpg', 'image/jpeg'],
    ['as what its content says', jpeg, 'image/png', 'a.png', 'image/jpeg'],
    ['a PDF declared as bytes', pdf, 'application/octet-stream', 'a.pdf', 'application/pdf'],
    ['plain text', 'Hello', 'text/plain', 'a.txt', 'text/plain'],
    ['CSV', 'a,b', 'text/csv', 'a.csv', 'text/csv'],
    ['JSON', '{}', 'application/json', 'a.json', 'application/json'],
    ['XML', '<a/>', 'application/xml', 'a.xml', 'application/xml'],
    ['a drawing', '<svg xmlns="http://www.w3.org/2000/svg"/>', 'image/svg+xml', 'a.svg', 'image/svg+xml'],
    ['CSV declared as bytes', 'a,b', 'application/octet-stream', 'A.CSV', 'text/csv'],
    ['text declared as bytes', 'a', 'application/octet-stream', 'a.log', 'text/plain'],
    ['text that begins like a program', 'MZ is a country code', 'text/plain', 'a.txt', 'text/plain'],
    ['a script, which is text', 'let a;', 'text/javascript', 'a.js', 'text/javascript'],
    ['text of another declared kind', 'let a;', 'application/x-thing', 'a.js', 'text/plain'],
    ['CSV as Windows declares it', 'a,b', 'application/vnd.ms-excel', 'a.csv', 'text/csv'],
    ['JSON of a kind', '{}', 'application/vnd.api+json', 'a.json', 'application/vnd.api+json'],
    ['text in an older encoding', Buffer.from('Zoë,1', 'latin1'), 'text/csv', 'a.csv', 'text/csv'],
    ['nothing in it', '', 'text/plain', 'a.txt', 'text/plain'],
  ])('%s', async (_what, content, declared, name, mimeType) => {
    expect(await judgeFile(Buffer.from(content), declared, name)).toEqual({ outcome: 'accepted', mimeType });
  });

  test.each([
    [
      'docx',
      'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
      officeFile('word/document'),
    ],
    ['xlsx', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', officeFile('xl/workbook')],
    [
      'pptx',
      'application/vnd.openxmlformats-officedocument.presentationml.presentation',
      officeFile('ppt/slides'),
    ],
    [
      'odt',
      'application/vnd.oasis.opendocument.text',
      declaredZip('application/vnd.oasis.opendocument.text'),
    ],
    ['epub', 'application/epub+zip', declaredZip('application/epub+zip')],
  ])('%s', async (extension, mimeType, bytes) => {
    const judged = await judgeFile(bytes, 'application/octet-stream', `a.${extension}`);
    expect(judged).toEqual({ outcome: 'accepted', mimeType });
  });
});

describe('a file is left out', () => {
  test.each([
    ['a program', exe, 'application/octet-stream', 'files of type application/x-msdownload are not accepted'],
    [
      'a program declared as an image',
      exe,
      'image/png',
      'files of type application/x-msdownload are not accepted',
    ],
    [
      'a program declared as text',
      exe,
      'text/plain',
      'files of type application/x-msdownload are not accepted',
    ],
    ['sound', flac, 'audio/flac', 'files of type audio/flac are not accepted'],
    [
      'an archive',
      zip([['a.txt', 'a']]),
      'application/zip',
      'files of type application/zip are not accepted',
    ],
    ['bytes of no kind', bytesOf('\x01\x02'), 'application/octet-stream', 'its type is unknown'],
    ['an image that is none', Buffer.from('Hello'), 'image/png', 'its content is not image/png'],
    ['a PDF that is none', Buffer.from('Hello'), 'application/pdf', 'its content is not application/pdf'],
    ['text with bytes in it', bytesOf('a'), 'text/plain', 'its content is not text/plain'],
    [
      'text of an unknown kind',
      Buffer.from('let a;'),
      'application/x-thing',
      'files of type application/x-thing are not accepted',
    ],
    [
      'bytes of an unknown kind',
      bytesOf('\x01\x02'),
      'application/x-thing',
      'files of type application/x-thing are not accepted',
    ],
    [
      'text that is declared a program',
      Buffer.from('Hello'),
      'application/x-msdownload',
      'programs are not accepted',
    ],
  ])('%s', async (_what, content, declared, reason) => {
    expect(await judgeFile(content, declared, 'a')).toEqual({ outcome: 'refused', reason });
  });
});

test.each(['setup.exe', 'SETUP.EXE', 'library.dll'])(
  'text in a file called %s is left out as a program',
  async (name) => {
    for (const declared of ['text/plain', 'application/octet-stream', 'application/x-thing']) {
      const judged = await judgeFile(Buffer.from('Hello'), declared, name);
      expect(judged).toEqual({ outcome: 'refused', reason: 'programs are not accepted' });
    }
  },
);

test('a file of an unknown type is taken or left out by its type and its name, whatever its bytes are', async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.string(), fc.uint8Array()), async (content) => {
      const judged = await judgeFile(Buffer.from(content), 'application/x-thing', 'export.dat');
      if (judged.outcome === 'accepted') expect(judged.mimeType).not.toMatch(/^text/);
    }),
  );
});

/** The smallest Office file whose kind can be detected. */
function officeFile(part: string): Buffer {
  const kinds: Record<string, string> = {
    'word/document': 'wordprocessingml.document',
    'xl/workbook': 'spreadsheetml.sheet',
    'ppt/slides': 'presentationml.presentation',
  };
  const type = `application/vnd.openxmlformats-officedocument.${kinds[part]}.main+xml`;
  const contentTypes = `<Types><Override PartName="/${part}.xml" ContentType="${type}"/></Types>`;
  return zip([
    ['[Content_Types].xml', contentTypes],
    [`${part}.xml`, '<a/>'],
  ]);
}

/** An archive whose first entry declares its type, as in ODF and EPUB. */
function declaredZip(mimeType: string): Buffer {
  return zip([
    ['mimetype', mimeType],
    ['content.xml', '<a/>'],
  ]);
}

/** A ZIP archive (APPNOTE 4.3) of stored and deflated entries. */
function zip(entries: readonly (readonly [string, string])[]): Buffer {
  const parts = entries.map(([name, content], index) => {
    const stored = index === 0;
    const data = stored ? Buffer.from(content) : deflateRawSync(content);
    const header = Buffer.alloc(30);
    header.write('PK\x03\x04', 'latin1');
    header.writeUInt16LE(20, 4);
    header.writeUInt16LE(stored ? 0 : 8, 8);
    header.writeUInt32LE(data.length, 18);
    header.writeUInt32LE(content.length, 22);
    header.writeUInt16LE(name.length, 26);
    return Buffer.concat([header, Buffer.from(name), data]);
  });
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  return Buffer.concat([...parts, end]);
}
