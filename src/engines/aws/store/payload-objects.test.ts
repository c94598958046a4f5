import { expect, test } from '@jest/globals';
import { jsonText } from './payload-objects.ts';

test('A text that is JSON is parsed', () => {
  expect(jsonText.parse('{"order": ["A-1", 2]}')).toEqual({ order: ['A-1', 2] });
});

test.each(['sk-live-0123456789', '', '{"key": sk-live', '[1'])(
  'A text that is not JSON is refused without a word of it: %s',
  (text) => {
    const parsed = jsonText.safeParse(text);
    expect(parsed.error?.issues).toEqual([{ code: 'custom', message: 'is not JSON', path: [] }]);
    expect(parsed.error?.message).not.toContain('sk-live');
  },
);
