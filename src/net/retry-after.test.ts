import { describe, expect, test } from '@jest/globals';
import { retryAfterMs } from './guarded-request.ts';

const now = Date.UTC(2026, 10, 22, 9);

describe('a Retry-After header', () => {
  test.each([
    ['asks for nothing where it is missing', undefined, 0],
    ['gives seconds', '120', 120_000],
    ['gives a date', 'Sun, 22 Nov 2026 09:02:00 GMT', 120_000],
    ['asks for nothing by a date that has passed', 'Sun, 22 Nov 2026 08:00:00 GMT', 0],
    ['cannot ask for more than a day', '99999999999', 86_400_000],
    ['cannot ask for more than a day by a date', 'Fri, 22 Nov 2126 09:00:00 GMT', 86_400_000],
    ['asks for nothing where it is nonsense', 'soon', 0],
    ['asks for nothing where it is negative', '-5', 0],
  ])('%s', (_what, header, expected) => {
    expect(retryAfterMs(header, now)).toBe(expected);
  });
});
