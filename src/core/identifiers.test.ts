import { randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { derivedUuidV7, uuidV4, uuidV7 } from './identifiers.ts';

const time = fc.nat({ max: 2 ** 48 - 1 });

describe('a UUIDv7', () => {
  test('has the form of RFC 9562, whatever the time and the bytes', () => {
    fc.assert(
      fc.property(time, fc.uint8Array({ minLength: 10, maxLength: 10 }), (timeMs, bytes) => {
        const id = uuidV7(timeMs, () => bytes);
        expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
        expect(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)).toBe(timeMs);
      }),
    );
  });

  test('made later sorts later', () => {
    fc.assert(
      fc.property(time, time, (one, other) => {
        fc.pre(one < other);
        expect(uuidV7(one, randomBytes) < uuidV7(other, randomBytes)).toBe(true);
      }),
    );
  });

  test('uses all 74 unpredictable bits', () => {
    const ids = new Set<string>();
    for (let bit = 0; bit < 80; bit++) {
      const bytes = new Uint8Array(10);
      bytes[bit >> 3] = 0x80 >> (bit & 7);
      ids.add(uuidV7(0, () => bytes));
    }
    ids.delete(uuidV7(0, () => new Uint8Array(10)));
    expect(ids.size).toBe(74);
  });

  test('derived from a natural key is the same for the same event, and another for another', () => {
    expect(derivedUuidV7(5, 'orders-0-17')).toBe(derivedUuidV7(5, 'orders-0-17'));
    expect(derivedUuidV7(5, 'orders-0-17')).not.toBe(derivedUuidV7(5, 'orders-0-18'));
    expect(derivedUuidV7(5, 'orders-0-17')).not.toBe(derivedUuidV7(6, 'orders-0-17'));
  });
});

describe('ids of the events of a stream', () => {
  test('are sorted as the events are within a millisecond, and differ where places come again', () => {
    const id = (place: number) => derivedUuidV7(5, `orders-0-${place}`, place);
    const ids = Array.from({ length: 4_096 }, (_, index) => id(2 ** 40 + index));
    expect([...ids].sort()).toEqual(ids);
    expect(ids).not.toContain(id(2 ** 40 + 4_096));
    expect(
      ids.every((each) => /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(each)),
    ).toBe(true);
  });
});

describe('a UUIDv4', () => {
  test('has the form of RFC 9562, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (bytes) => {
        expect(uuidV4(() => bytes)).toMatch(
          /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
        );
      }),
    );
  });

  test('uses all 122 unpredictable bits', () => {
    const ids = new Set<string>();
    for (let bit = 0; bit < 128; bit++) {
      const bytes = new Uint8Array(16);
      bytes[bit >> 3] = 0x80 >> (bit & 7);
      ids.add(uuidV4(() => bytes));
    }
    ids.delete(uuidV4(() => new Uint8Array(16)));
    expect(ids.size).toBe(122);
  });
});
