import { readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { noon, someDispatch, someEnd, someLease, storeRun } from '../../../../test/conformance/samples.ts';
import { openTestStores, type TestStores } from '../../../../test/embedded/test-stores.ts';
import { RetryableError } from '../../../core/errors.ts';
import { Payload } from '../../../core/json/json-value.ts';

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
      return runs.dispatch({
        ...made,
        trigger: { ...made.trigger, payload: Payload.of({ message: large }) },
      });
    };
    const outcomes = [await dispatch('abc'), await dispatch('abc'), await dispatch('def')];
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['stored', 'repeated', 'mismatch']);
    expect(await files()).toHaveLength(1);
  });

  const largeDispatch = () => {
    const made = someDispatch();
    return { ...made, trigger: { ...made.trigger, payload: Payload.of({ message: large }) } };
  };

  test('leaves no file when its row cannot be written', async () => {
    const { runs } = opened.ports;
    const dispatches = [largeDispatch(), largeDispatch()];
    opened.change('ALTER TABLE runs RENAME TO away');
    const message = expect.stringContaining('no such table: runs');
    const failed = { outcome: 'failed', thrown: expect.objectContaining({ message }) };
    expect(await runs.dispatchAll(dispatches)).toEqual([failed, failed]);
    expect(await files()).toEqual([]);
    opened.change('ALTER TABLE away RENAME TO runs');
    expect(await runs.dispatchAll(dispatches)).toEqual([{ outcome: 'stored' }, { outcome: 'stored' }]);
    expect(await files()).toHaveLength(2);
  });

  test('leaves no file when one beside it cannot be written', async () => {
    const { runs } = opened.ports;
    // Files go into folders named by two hexadecimal digits. Every second one of these is blocked by a file.
    const digits = Array.from({ length: 256 }, (_, number) => number.toString(16).padStart(2, '0'));
    const blocked = digits.filter((_, number) => number % 2 === 0);
    for (const name of blocked) await writeFile(path.join(opened.folder, 'payloads', name), '');
    const outcomes = await runs.dispatchAll(Array.from({ length: 40 }, largeDispatch));
    const thrown = new RetryableError('A large payload could not be written to the data folder.');
    expect(outcomes).toEqual(Array(40).fill({ outcome: 'failed', thrown }));
    expect((await files()).sort()).toEqual(blocked);
  });

  test('leaves no file when the run that it is the output of has another executor', async () => {
    const { runs } = opened.ports;
    const runId = await storeRun(runs, { lease: someLease('holder') });
    expect(await runs.end(runId, 'somebody else', someEnd({ output: large }))).toBe('lost');
    expect(await files()).toEqual([]);
    expect(await runs.end(runId, 'holder', someEnd({ output: large }))).toBe('ended');
    expect(await files()).toHaveLength(1);
  });

  test('leaves no file when the end that it belongs to cannot be written', async () => {
    const { runs } = opened.ports;
    const runId = await storeRun(runs, { lease: someLease('holder') });
    const end = () => runs.end(runId, 'holder', someEnd({ output: large }));
    opened.change('ALTER TABLE outbox RENAME TO away');
    await expect(end()).rejects.toThrow('no such table: outbox');
    expect(await files()).toEqual([]);
    opened.change('ALTER TABLE away RENAME TO outbox');
    expect(await end()).toBe('ended');
    expect(await files()).toHaveLength(1);
  });
});

describe('the end of a run', () => {
  let opened: TestStores;

  beforeEach(async () => {
    opened = await openTestStores();
  });
  afterEach(() => opened.close());

  /** Simulates a disk that rejects writes: replaces the folder of large texts with a file. */
  const breakDisk = async () => {
    const payloads = path.join(opened.folder, 'payloads');
    await rename(payloads, `${payloads}-away`);
    await writeFile(payloads, '');
    return async () => {
      await rm(payloads);
      await rename(`${payloads}-away`, payloads);
    };
  };

  test('is stored once the disk works again, for as long as a lease of its executor', async () => {
    const { runs } = opened.ports;
    const runId = await storeRun(runs, { lease: someLease('holder') });
    const mendDisk = await breakDisk();
    const ending = runs.end(runId, 'holder', someEnd({ output: large }));
    setTimeout(() => void mendDisk(), 100);
    expect(await ending).toBe('ended');
    expect((await runs.get(runId))?.output).toBe(large);
  });

  test('is stored too where the clock has jumped a year ahead meanwhile', async () => {
    const { runs } = opened.ports;
    const runId = await storeRun(runs, { lease: someLease('holder') });
    const mendDisk = await breakDisk();
    const end = someEnd({ output: large, endedAt: noon + 365 * 86_400_000 });
    const ending = runs.end(runId, 'holder', end);
    setTimeout(() => void mendDisk(), 100);
    expect(await ending).toBe('ended');
  });

  test('is given up after that time', async () => {
    const { runs } = opened.ports;
    const lease = { ...someLease('holder'), until: noon + 1_500 };
    const runId = await storeRun(runs, { lease });
    await breakDisk();
    await expect(runs.end(runId, 'holder', someEnd({ output: large }))).rejects.toMatchObject({
      name: 'RetryableError',
      message: expect.stringMatching(/^The data folder was removed or replaced/),
    });
  });
});

describe('runs that sync callers wait for', () => {
  let opened: TestStores;

  beforeEach(async () => {
    opened = await openTestStores({ maxSyncRuns: 2, maxSyncBytes: 300_000 });
  });
  afterEach(() => opened.close());

  test('are refused above their number, before anything is stored; a place is free when one has ended', async () => {
    const { runs } = opened.ports;
    const sync = (agents: string[]) => someDispatch({ agents, lease: someLease('caller') });
    const first = sync(['clerk', 'poet']);
    expect(await runs.dispatch(first)).toEqual({ outcome: 'stored' });
    const refused = sync(['clerk']);
    expect(await runs.dispatch(refused)).toEqual({ outcome: 'overloaded', retryAfterSeconds: 5 });
    expect(await runs.get(refused.runs[0]?.runId ?? '')).toBeNull();
    await runs.end(first.runs[0]?.runId ?? '', 'caller', someEnd());
    expect(await runs.dispatch(sync(['clerk', 'poet']))).toMatchObject({ outcome: 'overloaded' });
    expect(await runs.dispatch(sync(['clerk']))).toEqual({ outcome: 'stored' });
  });

  test('are refused as well where their payloads would take up more memory than there is for them', async () => {
    const { runs } = opened.ports;
    const sync = (payload: string) => someDispatch({ run: { payload }, lease: someLease('caller') });
    const first = sync(large);
    expect(await runs.dispatch(first)).toEqual({ outcome: 'stored' });
    expect(await runs.dispatch(sync(large))).toEqual({ outcome: 'overloaded', retryAfterSeconds: 5 });
    expect(await runs.dispatch(sync('small'))).toEqual({ outcome: 'stored' });
    await runs.end(first.runs[0]?.runId ?? '', 'caller', someEnd());
    expect(await runs.dispatch(sync(large))).toEqual({ outcome: 'stored' });
  });
});

describe('runs that wait in the queue', () => {
  test('of many events are stored as far as there is room, in the order of the events', async () => {
    const opened = await openTestStores({ maxQueuedRuns: 3 });
    const { runs } = opened.ports;
    const dispatches = [['clerk', 'poet'], ['clerk'], ['clerk', 'poet'], []].map((agents) =>
      someDispatch({ agents }),
    );
    const outcomes = await runs.dispatchAll(dispatches);
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['stored', 'stored', 'overloaded', 'overloaded']);
    const [first] = dispatches;
    expect(await runs.requestCancel(first?.runs[0]?.runId ?? '', 1)).toBe('cancelled');
    expect(await runs.dispatchAll([someDispatch()])).toEqual([{ outcome: 'stored' }]);
    await opened.close();
  });

  test('of many events continue where earlier ones have been stored already', async () => {
    const opened = await openTestStores({ maxQueuedRuns: 2 });
    const { runs } = opened.ports;
    const dispatches = Array.from({ length: 5 }, () => someDispatch());
    const outcomes = async () => (await runs.dispatchAll(dispatches)).map(({ outcome }) => outcome);
    const cancelled = async (from: number, to: number) => {
      for (const { runs: made } of dispatches.slice(from, to)) {
        expect(await runs.requestCancel(made[0]?.runId ?? '', noon)).toBe('cancelled');
      }
    };
    expect(await outcomes()).toEqual(['stored', 'stored', 'overloaded', 'overloaded', 'overloaded']);
    await cancelled(0, 2);
    expect(await outcomes()).toEqual(['repeated', 'repeated', 'stored', 'stored', 'overloaded']);
    await cancelled(2, 4);
    expect(await outcomes()).toEqual(['repeated', 'repeated', 'repeated', 'repeated', 'stored']);
    await opened.close();
  });

  test('count those whose leases have run out, once each, however they come to the next executor', async () => {
    const opened = await openTestStores({ maxQueuedRuns: 3 });
    const { runs } = opened.ports;
    const runIds = [await storeRun(runs), await storeRun(runs)];
    for (const runId of runIds) await runs.claim(runId, someLease('lost'));
    await storeRun(runs);
    expect(await runs.claim(runIds[0] ?? '', someLease('next', noon + 60_000))).toMatchObject({
      outcome: 'claimed',
    });
    await opened.stores.tidyRuns(noon + 60_000);
    const outcomes = [await runs.dispatch(someDispatch()), await runs.dispatch(someDispatch())];
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['stored', 'overloaded']);
    await opened.close();
  });

  test('are refused above their number, those that are being written counted, and what was not written is not', async () => {
    const opened = await openTestStores({ maxQueuedRuns: 2 });
    const { runs } = opened.ports;
    const repeated = someDispatch();
    const dispatches = [repeated, repeated, someDispatch()].map((dispatch) => runs.dispatch(dispatch));
    expect((await Promise.all(dispatches)).map(({ outcome }) => outcome)).toEqual([
      'stored',
      'repeated',
      'overloaded',
    ]);
    expect(await runs.dispatch(someDispatch())).toEqual({ outcome: 'stored' });
    expect(await runs.dispatch(someDispatch())).toMatchObject({ outcome: 'overloaded' });
    await opened.close();
  });
});

describe('more runs than a millisecond has positions for', () => {
  let opened: TestStores;

  beforeEach(async () => {
    opened = await openTestStores({ maxQueuedRuns: 100_000 });
  });
  afterEach(() => opened.close());

  const portion = (at: number, agents: string[]) =>
    Array.from({ length: 1_000 }, () => someDispatch({ at, agents }));
  const outcomesOf = async (dispatches: ReturnType<typeof portion>) => {
    const dispatched = await opened.ports.runs.dispatchAll(dispatches);
    return new Set(dispatched.map(({ outcome }) => outcome));
  };
  const stored = new Set(['stored']);

  test('are stored, also where the clock was set back to a time with runs', async () => {
    expect(await outcomesOf(portion(noon, ['a', 'b', 'c']))).toEqual(stored);
    expect(await outcomesOf([someDispatch({ at: noon + 50 })])).toEqual(stored);
    expect(await outcomesOf([someDispatch({ at: noon })])).toEqual(stored);
    for (const at of [noon, noon + 30, noon + 1, noon + 30]) {
      expect(await outcomesOf(portion(at, ['a', 'b', 'c']))).toEqual(stored);
    }
    expect((await opened.ports.runs.queueDepth()).queued).toBe(15_002);
  });

  test('are found when their event is repeated', async () => {
    const agents = ['a', 'b', 'c', 'd', 'e'];
    await outcomesOf([someDispatch({ at: noon + 3 })]);
    const dispatches = [...portion(noon, agents), ...portion(noon, agents)];
    expect(await outcomesOf(dispatches)).toEqual(stored);
    for (const dispatch of [0, 409, 999, 1_999].map((index) => dispatches[index] ?? someDispatch())) {
      const runIds = dispatch.runs.map(({ runId }) => runId);
      expect(await opened.ports.runs.dispatch(dispatch)).toEqual({ outcome: 'repeated', runIds });
    }
  });
});
