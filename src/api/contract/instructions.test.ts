import { describe, expect, test } from '@jest/globals';
import { fillPlaceholders } from './instructions.ts';

describe('code of instructions', () => {
  test('gets the URL and the secret of the connector, wherever and however often they stand', () => {
    const parts = fillPlaceholders('{{url}}?secret={{secret}}&again={{secret}}', {
      url: 'https://example.com/w',
      secret: 's3',
    });
    expect(parts.map(({ text }) => text).join('')).toBe('https://example.com/w?secret=s3&again=s3');
    expect(parts.some(({ isMissing }) => isMissing)).toBe(false);
  });

  test('names what is not to be shown, and leaves other braces alone', () => {
    expect(fillPlaceholders('{{secret}} {{id}}', { url: null, secret: null })).toEqual([
      { text: '<secret>', isMissing: true },
      { text: ' {{id}}', isMissing: false },
    ]);
  });
});
