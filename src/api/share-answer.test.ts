import { describe, expect, test } from '@jest/globals';
import { shareAnswers } from './share-answer.ts';

/** A question with numbered answers, each of which takes `takesMs`. */
function numbered(takesMs: number) {
  const state = { now: 0, asked: 0 };
  const share = shareAnswers<number>(() => state.now);
  const find = async () => {
    await Promise.resolve();
    state.now += takesMs;
    state.asked += 1;
    return state.asked;
  };
  return { state, ask: (question = 'how many?') => share(question, find), share };
}

describe('a shared answer', () => {
  test('is for everybody who asks the same within a second, and for nobody after that', async () => {
    const { state, ask } = numbered(0);
    expect(await Promise.all([ask(), ask()])).toEqual([1, 1]);
    state.now = 999;
    expect(await ask()).toBe(1);
    expect(await ask('something else?')).toBe(2);
    state.now = 1_000;
    expect(await ask()).toBe(3);
  });

  test('that took long to find is good for twenty times as long', async () => {
    const { state, ask } = numbered(1_000);
    expect(await ask()).toBe(1);
    state.now = 20_999;
    expect(await ask()).toBe(1);
    state.now = 21_000;
    expect(await ask()).toBe(2);
  });

  test('is asked for again after the clock was set back, and ten minutes after it jumped ahead', async () => {
    const { state, ask } = numbered(0);
    state.now = 3_600_000;
    expect(await ask()).toBe(1);
    state.now = 0;
    expect(await ask()).toBe(2);
    const jumping = numbered(365 * 86_400_000);
    expect(await jumping.ask()).toBe(1);
    jumping.state.now += 600_000;
    expect(await jumping.ask()).toBe(2);
  });

  test('that fails is asked for again', async () => {
    const { ask, share } = numbered(0);
    const failed = share('how many?', () => Promise.reject(new Error('the store is away')));
    await expect(failed).rejects.toThrow('the store is away');
    expect(await ask()).toBe(1);
  });
});
