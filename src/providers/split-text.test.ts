import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { splitText } from './split-text.ts';

describe('a text in pieces', () => {
  test('is whole where it is short', () => {
    expect(splitText('Hello', 5)).toEqual(['Hello']);
  });

  test('is cut between paragraphs, lines, sentences or words', () => {
    expect(splitText('aaaa\n\nbbbb bbbb', 10)).toEqual(['aaaa', 'bbbb bbbb']);
    expect(splitText('aaaa a\nbbbb bbbb', 10)).toEqual(['aaaa a', 'bbbb bbbb']);
    expect(splitText('Aaaa aa. Bb bbb', 10)).toEqual(['Aaaa aa.', 'Bb bbb']);
    expect(splitText('aaaa aaaa bbbb', 10)).toEqual(['aaaa aaaa', 'bbbb']);
  });

  test('loses no character but white space, is never longer, and cuts none in half', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 200 }),
        fc.integer({ min: 2, max: 40 }),
        (text, longest) => {
          const pieces = splitText(text, longest);
          expect(pieces.every((piece) => piece.length <= longest && piece.isWellFormed())).toBe(true);
          expect(pieces.join('').replaceAll(/\s/g, '')).toBe(text.replaceAll(/\s/g, ''));
        },
      ),
    );
  });
});
