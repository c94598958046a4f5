import { describe, expect, test } from '@jest/globals';
import { expiringCache } from './table.ts';

describe('what a function remembers for a short time', () => {
  test('is forgotten after that time', () => {
    const cache = expiringCache<string>(5_000);
    cache.set('a', 'known', 10_000);
    expect([cache.get('a', 10_000), cache.get('a', 14_999), cache.get('a', 15_000)]).toEqual([
      'known',
      'known',
      null,
    ]);
  });

  test('is forgotten when the clock goes back: nobody knows how old it is', () => {
    const cache = expiringCache<string>(5_000);
    cache.set('a', 'known', 3_600_000);
    expect(cache.get('a', 0)).toBeNull();
  });
});
