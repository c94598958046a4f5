import { describe, expect, test } from '@jest/globals';
import { AdmissionController } from './admission-controller.ts';

/** Longer than one measuring window. */
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

  test('ever fewer while one sender waits, down to one in four times', () => {
    const load = busyLoad();
    portions(load, 1, 0);
    load.asked();
    expect(portions(load, 6, 0)).toEqual([4, 2, 1, 0.5, 0.25, 0.25]);
  });

  test('few between the calls of one who sends the next as soon as he has an answer, and any number once he has gone', () => {
    const load = busyLoad();
    load.asked();
    now += 400;
    load.stored([]);
    expect(portions(load, 3, 0)).toEqual([4, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]);
  });

  test('few while a caller waits for a run, but not for one that an agent takes long over', () => {
    const load = busyLoad();
    load.asked();
    load.stored(['a-run']);
    expect(portions(load, 10, 0)).toEqual([
      4,
      2,
      1,
      0.5,
      0.25,
      0.25,
      0.25,
      0.25,
      Number.POSITIVE_INFINITY,
      Number.POSITIVE_INFINITY,
    ]);
    load.ended('another-run');
    expect(portions(load, 1, 0)).toEqual([Number.POSITIVE_INFINITY]);
    load.ended('a-run');
    expect(portions(load, 1, 0)).toEqual([4]);
  });

  test('any number again as soon as the senders have gone', () => {
    const load = busyLoad();
    portions(load, 3, 100);
    expect(portions(load, 1, 0)).toEqual([Number.POSITIVE_INFINITY]);
  });
});
