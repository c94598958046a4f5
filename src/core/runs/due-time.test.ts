import { describe, expect, test } from '@jest/globals';
import { dueTime } from './due-time.ts';

const now = Date.UTC(2026, 10, 27, 12);
const yearMs = 366 * 86_400_000;

describe('when a run is due', () => {
  test.each([
    ['nothing', {}, null],
    ['a delay of 0', { delaySeconds: 0 }, null],
    ['a delay', { delaySeconds: 90 }, now + 90_000],
    ['a time', { at: now + 1 }, now + 1],
    ['the longest delay', { delaySeconds: 366 * 86_400 }, now + yearMs],
    ['the latest time', { at: now + yearMs }, now + yearMs],
  ])('follows from %s', (_what, when, scheduledAt) => {
    expect(dueTime(when, now)).toEqual({ outcome: 'due', scheduledAt });
  });

  test.each([
    ['both', { at: now + 1, delaySeconds: 1 }, 'at: cannot be combined with delay_seconds.'],
    ['a time in the past', { at: now }, 'at: is in the past. Give a later time.'],
    ['a time too far ahead', { at: now + yearMs + 1 }, 'at: must be at most 366 days from now.'],
    [
      'a delay too long',
      { delaySeconds: 366 * 86_400 + 1 },
      'delay_seconds: must be at most 31622400, which is 366 days.',
    ],
  ])('does not follow from %s', (_what, when, sentence) => {
    expect(dueTime(when, now)).toMatchObject({
      outcome: 'refused',
      reason: 'invalid-request',
      detail: `Invalid request. ${sentence}`,
    });
  });
});
