import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { splitHtml } from './split-html.ts';

describe("Telegram's HTML in pieces", () => {
  test('closes and opens its tags at each cut', () => {
    expect(splitHtml('<b>one <i>two three</i></b> four', 20)).toEqual([
      '<b>one <i></i></b>',
      '<b><i>two</i></b>',
      '<b><i>three</i></b>',
      'four',
    ]);
    expect(splitHtml('<pre>a b c</pre>', 13)).toEqual(['<pre>a</pre>', '<pre>b</pre>', '<pre>c</pre>']);
  });

  test('may contain times, which Telegram shows in the time zone of each reader', () => {
    const time = '<tg-time unix="1795770000" format="t">9:00</tg-time>';
    expect(splitHtml(time, 100)).toEqual([time]);
  });

  test.each(['a < b', '<sad>x</sad>', '<b>x', '<b><i>x</b></i>', 'x</b>'])('is none in %j', (text) => {
    expect(splitHtml(text, 100)).toBeNull();
  });

  test('never is longer, and loses no word', () => {
    const words = fc.array(fc.constantFrom('a', 'bcd', '&amp;', '<b>x y</b>', '<code>z</code>'), {
      minLength: 1,
    });
    fc.assert(
      fc.property(words, fc.integer({ min: 30, max: 60 }), (parts, longest) => {
        const pieces = splitHtml(parts.join(' '), longest) ?? [];
        expect(Math.max(...pieces.map((piece) => piece.length))).toBeLessThanOrEqual(longest);
        const plain = (text: string) => text.replaceAll(/<[^>]*>|\s/g, '');
        expect(plain(pieces.join(''))).toBe(plain(parts.join('')));
      }),
    );
  });
});
