import { describe, expect, test } from '@jest/globals';
import { parseExactly } from '../../src/api/contract/exact-json.ts';
import { describePayload } from './describe-payload.ts';

describe('a payload as a person reads it', () => {
  test('text stays text, and text that is JSON is laid out', () => {
    expect(describePayload('hello')).toEqual({ formatted: 'hello', raw: 'hello', files: [] });
    expect(describePayload('{"a":1}')).toEqual({ formatted: '{\n  "a": 1\n}', raw: '{"a":1}', files: [] });
  });

  test('files are shown as what they are, and their bytes only when asked for', () => {
    const file = { name: 'a.csv', field_name: 'doc', mime_type: 'text/csv', data: 'YSxi', size: 3 };
    const described = describePayload({ message: 'hi', files: [file] });
    expect(described.files).toEqual([{ name: 'a.csv', mimeType: 'text/csv', size: 3 }]);
    expect(described.formatted).toContain('"data": "(3 B, see Raw)"');
    expect(described.raw).toContain('"data":"YSxi"');
  });

  test('numbers are shown with the digits that came', () => {
    const text = '{"id":9223372036854775807,"total":1.10}';
    const formatted = '{\n  "id": 9223372036854775807,\n  "total": 1.10\n}';
    expect(describePayload(parseExactly(text))).toEqual({ formatted, raw: text, files: [] });
    expect(describePayload(text)).toEqual({ formatted, raw: text, files: [] });
  });

  test('what only looks like files is left as it is', () => {
    const described = describePayload({ files: ['a', { data: 'x' }] });
    expect(described.files).toEqual([]);
    expect(described.formatted).toContain('"data": "x"');
  });
});
