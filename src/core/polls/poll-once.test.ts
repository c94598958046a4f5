import { mock } from 'node:test';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { feed } from '../../../test/connectors/feed-type.ts';
import { openStillEngine, type StillEngine } from '../../../test/embedded/test-engine.ts';
import type { Connector } from '../connectors/connector.ts';
import { createConnector } from '../connectors/create-connector.ts';
import type { Polled, PollWay } from '../connectors/ways.ts';
import { RetryableError } from '../errors.ts';
import type { JsonObject } from '../json/json-value.ts';
import type { Engine } from '../ports/engine.ts';
import { pauseAfterPoll, pollOf, pollOnce } from './poll-once.ts';

let still: StillEngine;
let connector: Connector;
/** The warnings and errors that the engine has logged. */
let logged: string[];
let engine: Engine;

beforeEach(async () => {
  still = await openStillEngine({ clerk: 'async () => "done"' }, { types: new Map([['feed', feed]]) });
  const config = { url: 'http://feed.example' };
  const draft = { name: 'feed', type: 'feed', mode: 'inbound', config, agents: ['clerk'] } as const;
  const created = await createConnector(still.engine, 'test', draft);
  if (created.outcome !== 'created') throw new Error(created.detail);
  connector = created.connector;
  await still.database.write('putPoll', connector.id, still.now, still.now);
  logged = [];
  const note = (event: string, fields?: object) => void logged.push(`${event} ${Object(fields)['reason']}`);
  engine = { ...still.engine, log: { info() {}, warn: note, error: note } };
});
afterEach(() => still.close());

const bringing = (...events: JsonObject[]): Polled<JsonObject> => ({
  outcome: 'polled',
  events,
  cursor: events.length,
  more: false,
});
const poll = (way: Partial<PollWay<unknown>>, options: { on?: Engine; signal?: AbortSignal } = {}) => {
  const { on = engine, signal = new AbortController().signal } = options;
  const whole = { everySeconds: () => 60, poll: async () => bringing(), ...way };
  return pollOnce(on, { connector, way: whole, cursor: null, signal });
};
const runCount = async () => (await engine.runs.list({ limit: 10, cursor: null })).items.length;

describe('one poll', () => {
  test('tells the source of its events once their runs are stored, and bears that it does not listen', async () => {
    const told: unknown[] = [];
    const outcome = await poll({
      poll: async () => bringing({ id: 1 }, { id: 2 }),
      async acknowledge(events) {
        told.push([events.length, await runCount()]);
        throw new Error('It has hung up.');
      },
    });
    expect(outcome).toEqual({ outcome: 'polled', cursor: 2, more: false });
    expect(told).toEqual([[2, 2]]);
    expect(logged).toEqual(['source.not-acknowledged It has hung up.']);
  });

  test('does not wait for a source that never answers an acknowledgement', async () => {
    let until: AbortSignal | undefined;
    const outcome = await poll({
      poll: async () => bringing({ id: 1 }),
      acknowledge(_events, { signal }) {
        until = signal;
        return new Promise(() => undefined);
      },
    });
    expect(outcome).toEqual({ outcome: 'polled', cursor: 1, more: false });
    expect(until?.aborted).toBe(true);
    expect(logged).toEqual(['source.not-acknowledged The source did not respond within 5 seconds.']);
  });

  test('says no secret of the connector that an exception or a source repeats', async () => {
    await engine.secrets.change(connector.id, (secrets) => ({
      ...secrets,
      config: { password: 'hunter-2-42' },
    }));
    const thrown = await poll({
      async poll() {
        throw new Error('No URL: https://me:hunter-2-42@feed.example');
      },
    });
    expect(thrown).toMatchObject({ outcome: 'failed', reason: expect.not.stringContaining('hunter-2-42') });
    const told = await poll({ poll: async () => ({ outcome: 'failed', error: 'Wrong: hunter-2-42.' }) });
    expect(told).toMatchObject({ outcome: 'failed', reason: expect.not.stringContaining('hunter-2-42') });
    expect(logged.join()).not.toContain('hunter-2-42');
  });

  test('has failed where the events cannot be stored, and tells the source nothing', async () => {
    const full = new RetryableError('Too many runs are waiting.', { retryAfterSeconds: 7 });
    const runs: Engine['runs'] = {
      ...engine.runs,
      dispatchAll: async (dispatches) => dispatches.map(() => ({ outcome: 'failed', thrown: full })),
    };
    const told: unknown[] = [];
    const way: Partial<PollWay<unknown>> = {
      poll: async () => bringing({ id: 1 }),
      acknowledge: async (events) => void told.push(events),
    };
    expect(await poll(way, { on: { ...engine, runs } })).toEqual({
      outcome: 'failed',
      reason: 'Too many runs are waiting.',
      retryAfterSeconds: 7,
    });
    expect(told).toEqual([]);
    expect(await poll(way)).toMatchObject({ outcome: 'polled' });
    expect(await runCount()).toBe(1);
  });

  test('has failed where the code of the type trips, which the log tells', async () => {
    const trips = async () => {
      throw new TypeError('undefined is not iterable');
    };
    expect(await poll({ poll: trips })).toEqual({
      outcome: 'failed',
      reason: 'The source could not be polled: undefined is not iterable',
    });
    expect(logged).toEqual(['source.not-polled undefined is not iterable']);
  });

  test('has failed where its source takes too long, also where the type does not heed the signal', async () => {
    const limit = mock.method(AbortSignal, 'timeout', () => AbortSignal.abort());
    const outcome = await poll({ poll: () => new Promise(() => {}) });
    expect(limit.mock.calls.map((call) => call.arguments)).toEqual([[20_000]]);
    limit.mock.restore();
    expect(outcome).toEqual({
      outcome: 'failed',
      reason: 'The source did not respond within 20 seconds.',
    });
  });

  test('that is stopped takes nothing, also where the type does not heed the signal', async () => {
    const stop = new AbortController();
    const polled = poll({ poll: () => new Promise(() => {}) }, { signal: stop.signal });
    stop.abort();
    expect(await polled).toEqual({ outcome: 'stopped' });
    const late = poll({ poll: async () => bringing({ id: 1 }) }, { signal: stop.signal });
    expect(await late).toEqual({ outcome: 'stopped' });
    expect(await runCount()).toBe(0);
  });
});

describe('whether a connector is polled', () => {
  const polledAs = (changes: Partial<Connector>) => pollOf(engine, { ...connector, ...changes });

  test('is said by its type, as often as its configuration says', () => {
    expect(polledAs({})).toMatchObject({ everySeconds: 10 });
    expect(polledAs({ config: { ...connector.config, poll_seconds: 7 } })).toMatchObject({ everySeconds: 7 });
  });

  test('is denied where nobody would take its events, or another way brings the same ones', () => {
    expect(polledAs({ enabled: false })).toBeNull();
    expect(polledAs({ agents: [] })).toBeNull();
    const listened = structuredClone({ ...connector, type: 'listened' });
    const { inbound } = feed.modes;
    if (inbound === undefined) throw new Error('the feed has no mode');
    const listen = { listen: () => ({ stop: async () => {} }) };
    const both = {
      ...feed,
      name: 'listened',
      modes: { inbound: { ...inbound, ways: { ...inbound.ways, listen } } },
    };
    const types = new Map([['listened', both]]);
    expect(pollOf({ ...engine, types }, listened)).toBeNull();
    const hasWay: Engine['hasWay'] = (_type, way) => way !== 'listen';
    expect(pollOf({ ...engine, types, hasWay }, listened)).toMatchObject({ everySeconds: 10 });
  });

  test('is denied where its configuration cannot be read, which the log tells', () => {
    expect(polledAs({ config: { poll_seconds: 'often' } })).toBeNull();
    expect(logged).toEqual([expect.stringMatching(/^poll\.not-readable .*poll_seconds/s)]);
  });
});

describe('the next poll', () => {
  const health = (failures: number) => ({ status: 'failing', since: 0, failures, lastError: null }) as const;
  const failed = { outcome: 'failed', reason: 'away' } as const;
  const polled = { outcome: 'polled', cursor: 1, more: false } as const;

  test('comes after the time that the connector says, or at once while more is waiting', () => {
    expect(pauseAfterPoll(30, polled, health(0))).toBe(30_000);
    expect(pauseAfterPoll(30, { ...polled, more: true }, health(0))).toBe(0);
  });

  test.each([
    [10, 1, 10],
    [10, 2, 20],
    [10, 5, 160],
    [10, 6, 300],
    [10, 5_000, 300],
    [3_600, 9, 3_600],
  ])('every %d s, after %d failures, comes after %d s', (every, failures, seconds) => {
    expect(pauseAfterPoll(every, failed, health(failures))).toBe(seconds * 1_000);
  });

  test('waits as long as a platform that is over capacity asks for', () => {
    expect(pauseAfterPoll(5, { ...failed, retryAfterSeconds: 60 }, health(1))).toBe(60_000);
  });
});
