import { describe, expect, test } from '@jest/globals';
import { AdmissionController } from './admission-controller.ts';

/** More than a window of measuring. */
const oneWindowMs = 30;

describe('how many runs may be started while triggers are accepted', () => {
  let now = 0;
  const busyLoad = () =>
    new AdmissionController(
      () => 1_000,
      () => now,
    );
  const portions = (load: AdmissionController, windows: number, acceptedPerWindow: number) => {
    const seen: number[] = [];
    for (let n = 0; n < windows; n++) {
      for (let accepted = 0; accepted < acceptedPerWindow; accepted++) load.accepted();
      now += oneWindowMs;
      seen.push(load.portion());
    }
    return seen;
  };

  test('any number, while few are accepted, however busy the agents are', () => {
    const load = busyLoad();
    expect(portions(load, 2, 1)).toEqual([Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]);
  });

  test('ever fewer, but always one, while many are accepted and the agents take the cores', () => {
    const load = busyLoad();
    expect(portions(load, 5, 100)).toEqual([4, 2, 1, 1, 1]);
  });

  test('fewer while one sender waits, and while a caller sends one request after the other', () => {
    const load = busyLoad();
    portions(load, 1, 0);
    load.asked();
    expect(portions(load, 2, 0)).toEqual([4, 2]);
    load.stored();
    expect(portions(load, 1, 0)).toEqual([Number.POSITIVE_INFINITY]);
    const [before] = [1, 2].map(() => {
      load.asked();
      load.stored();
      now += 10;
      return load.portion();
    });
    expect(before).toBe(Number.POSITIVE_INFINITY);
    load.asked();
    load.stored();
    now += 15;
    expect(load.portion()).toBe(4);
  });

  test('any number again as soon as the senders have gone', () => {
    const load = busyLoad();
    portions(load, 3, 100);
    expect(portions(load, 1, 0)).toEqual([Number.POSITIVE_INFINITY]);
  });
});
