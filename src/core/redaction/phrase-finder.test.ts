import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { PhraseFinder } from './phrase-finder.ts';

const anywhere = (text: string) => ({ text, isWord: false });

/** Uses few letters, so that phrases overlap, contain each other and nearly match. */
const anyText = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 60 });
const anyPhrases = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 8 }));

/** The characters that belong to a phrase, found by brute force. */
function covered(text: string, phrases: readonly string[]): boolean[] {
  const marks = Array.from(text, () => false);
  for (const phrase of phrases) {
    for (let at = text.indexOf(phrase); at >= 0; at = text.indexOf(phrase, at + 1)) {
      marks.fill(true, at, at + phrase.length);
    }
  }
  return marks;
}

test('finds every character of every phrase, and no other', () => {
  fc.assert(
    fc.property(anyText, anyPhrases, (text, phrases) => {
      const marks = Array.from(text, () => false);
      const { ranges } = new PhraseFinder(phrases.map(anywhere)).find(text);
      for (const { start, end } of ranges) marks.fill(true, start, end);
      expect(marks).toEqual(covered(text, phrases));
    }),
    { numRuns: 1_000 },
  );
});

test('ranges come in order and are apart', () => {
  fc.assert(
    fc.property(anyText, anyPhrases, (text, phrases) => {
      const { ranges } = new PhraseFinder(phrases.map(anywhere)).find(text);
      const gaps = ranges.slice(1).map(({ start }, index) => start - (ranges[index]?.end ?? 0));
      expect(gaps.every((gap) => gap > 0)).toBe(true);
    }),
  );
});

test('a phrase that may go on behind the text is told of by its length', () => {
  fc.assert(
    fc.property(anyText, anyPhrases, (text, phrases) => {
      const { unfinished } = new PhraseFinder(phrases.map(anywhere)).find(text);
      const begins = (length: number) =>
        phrases.some(
          (phrase) => length <= text.length && phrase.startsWith(text.slice(text.length - length)),
        );
      const lengths = Array.from({ length: 9 }, (_, length) => length).filter(
        (length) => length === 0 || begins(length),
      );
      expect(unfinished).toBe(Math.max(...lengths));
    }),
  );
});

test('the work is at most two moves a character, whatever the phrases and the text are', () => {
  fc.assert(
    fc.property(fc.array(anyText), anyPhrases, (texts, phrases) => {
      const text = texts.join('');
      expect(new PhraseFinder(phrases.map(anywhere)).find(text).moves).toBeLessThanOrEqual(2 * text.length);
    }),
  );
  const nearlyFitting = new PhraseFinder([`${'a'.repeat(5_000)}b`, `${'a'.repeat(4_000)}c`].map(anywhere));
  expect(nearlyFitting.find('a'.repeat(100_000)).moves).toBeLessThanOrEqual(200_000);
});

test('a word is found by itself only, a phrase anywhere', () => {
  const finder = new PhraseFinder([
    { text: 'cat', isWord: true },
    { text: 'dog', isWord: false },
  ]);
  const found = (text: string) => finder.find(text).ranges.map(({ start, end }) => text.slice(start, end));
  expect(found('cat, cats, _cat, écat, (cat)')).toEqual(['cat', 'cat']);
  expect(found('dogs and hotdog')).toEqual(['dog', 'dog']);
});
