import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { someDispatch, someEnd, someLease, storeRun } from '../conformance/samples.ts';
import { openTestStores, type TestStores } from './test-stores.ts';

const large = 'x'.repeat(200_000);

describe('a text that is too large for its row', () => {
  let opened: TestStores;

  beforeEach(async () => {
    opened = await openTestStores();
  });
  afterEach(() => opened.close());

  const files = async () => {
    const found = await readdir(path.join(opened.folder, 'payloads'), {
      recursive: true,
      withFileTypes: true,
    });
    return found.filter((entry) => entry.isFile()).map(({ name }) => name);
  };

  test('leaves no second file when its event is repeated or its key is used for another one', async () => {
    const { runs } = opened.ports;
    const repeat = { key: 'event-7', fingerprint: 'abc', validForMs: 1_000 };
    const dispatch = (fingerprint: string) => {
      const made = someDispatch({ connectorId: 'inbox', repeat: { ...repeat, fingerprint } });
      return runs.dispatch({ ...made, trigger: { ...made.trigger, payload: { message: large } } });
    };
    const outcomes = [await dispatch('abc'), await dispatch('abc'), await dispatch('def')];
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['stored', 'repeated', 'mismatch']);
    expect(await files()).toHaveLength(1);
  });

  test('leaves no file when the run that it is the output of has another executor', async () => {
    const { runs } = opened.ports;
    const runId = await storeRun(runs, { lease: someLease('holder') });
    expect(await runs.end(runId, 'somebody else', someEnd({ output: large }))).toBe('lost');
    expect(await files()).toEqual([]);
    expect(await runs.end(runId, 'holder', someEnd({ output: large }))).toBe('ended');
    expect(await files()).toHaveLength(1);
  });
});
