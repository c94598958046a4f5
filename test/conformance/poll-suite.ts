import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { changeConnector } from '../../src/core/connectors/change-connector.ts';
import type { Connector } from '../../src/core/connectors/connector.ts';
import { createConnector } from '../../src/core/connectors/create-connector.ts';
import { deleteConnector } from '../../src/core/connectors/delete-connector.ts';
import type { JsonObject } from '../../src/core/json/json-value.ts';
import type { Engine } from '../../src/core/ports/engine.ts';
import { type Feed, startFeed } from '../connectors/feed-server.ts';
import { someDispatch } from './samples.ts';

/** An engine with the type `feed` and the agents `clerk` and `poet`, whose clock stands still until it is set. */
export interface PollingEngine {
  readonly engine: Engine;
  /** Unix ms. */
  now: number;
  /** Polls the connector where it is due, until it is not. */
  pollDue(connectorId: string): Promise<void>;
  close(): Promise<void>;
}

const minuteMs = 60_000;

/** What an engine promises of the connectors that it polls. */
export function describePolls(open: () => Promise<PollingEngine>): void {
  let polling: PollingEngine;
  let feed: Feed;
  beforeEach(async () => {
    [polling, feed] = await Promise.all([open(), startFeed()]);
  });
  afterEach(() => Promise.all([polling.close(), feed.stop()]));

  const connect = async (agents: readonly string[] = ['clerk'], filter = ''): Promise<Connector> => {
    const config = { url: feed.url, poll_seconds: 60 };
    const draft = { name: 'feed', type: 'feed', mode: 'inbound', config, agents } as const;
    const created = await createConnector(polling.engine, 'test', {
      ...draft,
      filter,
      name: crypto.randomUUID(),
    });
    if (created.outcome !== 'created') throw new Error(created.detail);
    return created.connector;
  };
  const change = async (connector: Connector, changes: { enabled?: boolean; config?: JsonObject }) => {
    expect(await changeConnector(polling.engine, 'test', connector.id, changes)).toMatchObject({
      outcome: 'changed',
    });
  };
  const pollAfter = async ({ id }: Connector, afterMs = minuteMs) => {
    polling.now += afterMs;
    await polling.pollDue(id);
  };
  const numbersOfRuns = async ({ id }: Connector) => {
    const { runs } = polling.engine;
    const { items } = await runs.list({ connectorId: id, limit: 100, cursor: null });
    const found = await Promise.all(items.map(({ runId }) => runs.get(runId)));
    return found.map((run) => Number(Object(run?.payload.value)['n'])).sort((one, other) => one - other);
  };
  const append = (...numbers: number[]) => void feed.events.push(...numbers.map((n) => ({ n })));
  const state = ({ id }: Connector) => polling.engine.sources.state(id);
  const history = async ({ id }: Connector) => {
    const { items } = await polling.engine.history.list(id, { limit: 100, cursor: null });
    return items.map(({ event, detail }) => `${event}: ${detail}`);
  };

  describe('a connector that is polled', () => {
    test('starts a run of every linked agent for each event, and goes on after the last', async () => {
      append(1, 2);
      const connector = await connect(['clerk', 'poet']);
      await pollAfter(connector);
      expect(await numbersOfRuns(connector)).toEqual([1, 1, 2, 2]);
      append(3);
      await pollAfter(connector);
      expect(await numbersOfRuns(connector)).toEqual([1, 1, 2, 2, 3, 3]);
      expect(feed.asked).toEqual([0, 2]);
    });

    test('is polled again at once while more is waiting', async () => {
      feed.pageSize = 2;
      append(1, 2, 3, 4, 5);
      const connector = await connect();
      await pollAfter(connector);
      expect(feed.asked).toEqual([0, 2, 4]);
      expect(await numbersOfRuns(connector)).toEqual([1, 2, 3, 4, 5]);
    });

    test('keeps what cannot be read as a dead letter with its place, and goes on behind it', async () => {
      append(1);
      feed.events.push({ n: 2, broken: true }, { n: 3, trap: true });
      append(4);
      const connector = await connect();
      await pollAfter(connector);
      await pollAfter(connector);
      expect(feed.asked).toEqual([0, 4]);
      expect(await numbersOfRuns(connector)).toEqual([1, 4]);
      const { items } = await polling.engine.deadLetters.list({ limit: 10, cursor: null });
      const letters = items.map(({ reason, connectorId, body }) => ({ reason, connectorId, body }));
      expect(letters).toHaveLength(2);
      expect(letters).toEqual(
        expect.arrayContaining([
          {
            reason: 'Event 2 cannot be read.',
            connectorId: connector.id,
            body: { type: 'feed', event: { n: 2, broken: true, id: 2 } },
          },
          {
            reason: 'The event failed: a trap',
            connectorId: connector.id,
            body: { type: 'feed', event: { n: 3, trap: true, id: 3 } },
          },
        ]),
      );
    });

    test('says why its source fails, is asked less and less, and goes on when the source is back', async () => {
      append(1);
      const connector = await connect();
      feed.status = 503;
      await pollAfter(connector);
      expect(await state(connector)).toMatchObject({
        status: 'failing',
        since: polling.now,
        lastError: { at: polling.now, message: 'The feed answers 503.' },
      });
      await pollAfter(connector);
      // Now it is asked after two minutes only.
      await pollAfter(connector);
      expect(feed.asked).toEqual([0, 0]);
      feed.status = 200;
      await pollAfter(connector);
      expect(await numbersOfRuns(connector)).toEqual([1]);
      expect(await state(connector)).toMatchObject({ status: 'running', since: polling.now });
      expect(await history(connector)).toEqual([
        'source.running: Connected to its source.',
        'source.failing: The feed answers 503.',
      ]);
    });

    test('is not left alone for long failures any more once it is changed', async () => {
      append(1);
      const connector = await connect();
      feed.status = 503;
      for (let failure = 0; failure < 4; failure++) await pollAfter(connector, 10 * minuteMs);
      feed.status = 200;
      await change(connector, { config: { url: feed.url, poll_seconds: 120 } });
      await pollAfter(connector);
      expect(await numbersOfRuns(connector)).toEqual([1]);
    });

    test('rests while it is disabled, and resumes where it stopped', async () => {
      append(1);
      const connector = await connect();
      await pollAfter(connector);
      await change(connector, { enabled: false });
      append(2);
      await pollAfter(connector);
      expect(feed.asked).toEqual([0]);
      expect(await state(connector)).toMatchObject({ status: 'stopped' });
      await change(connector, { enabled: true });
      await pollAfter(connector);
      expect(feed.asked).toEqual([0, 1]);
      expect(await numbersOfRuns(connector)).toEqual([1, 2]);
    });

    test('waits with its events at their source while no agent is linked', async () => {
      append(1);
      const connector = await connect([]);
      await pollAfter(connector);
      expect(feed.asked).toEqual([]);
      expect(await state(connector)).toMatchObject({ status: 'stopped' });
    });

    test('is gone with all that was known of its source', async () => {
      append(1);
      const connector = await connect();
      await pollAfter(connector);
      await deleteConnector(polling.engine, 'test', connector.id);
      await pollAfter(connector);
      expect(feed.asked).toEqual([0]);
      expect(await state(connector)).toBeNull();
      const move = { connectorId: connector.id, from: 1, to: 2 };
      await expect(polling.engine.runs.moveCursor(move)).rejects.toThrow(/no longer polled from there/);
    });
  });

  describe('a cursor', () => {
    test('that is set back brings events again, which start nothing', async () => {
      append(1, 2);
      const connector = await connect();
      await pollAfter(connector);
      await polling.engine.runs.moveCursor({ connectorId: connector.id, from: 2, to: null });
      append(3);
      await pollAfter(connector);
      expect(feed.asked).toEqual([0, 0]);
      expect(await numbersOfRuns(connector)).toEqual([1, 2, 3]);
      await pollAfter(connector);
      expect(feed.asked).toEqual([0, 0, 3]);
    });

    test('moves with the runs or not at all: one poll that another has overtaken stores nothing', async () => {
      append(1);
      const connector = await connect();
      await pollAfter(connector);
      const { runs } = polling.engine;
      const late = someDispatch({ connectorId: connector.id, run: { payload: { n: 7 } } });
      const elsewhere = { connectorId: connector.id, from: 0, to: 7 };
      expect(await runs.dispatchAll([late], elsewhere)).toMatchObject([
        { outcome: 'failed', thrown: { name: 'RetryableError' } },
      ]);
      expect(await numbersOfRuns(connector)).toEqual([1]);
      const onward = { connectorId: connector.id, from: 1, to: 7 };
      expect(await runs.dispatchAll([late], onward)).toEqual([{ outcome: 'stored' }]);
      await pollAfter(connector);
      expect(feed.asked).toEqual([0, 7]);
      expect(await numbersOfRuns(connector)).toEqual([1, 7]);
    });

    test('moves past events that a filter excludes', async () => {
      append(1, 2);
      const connector = await connect(['clerk'], 'input.n > 1');
      await pollAfter(connector);
      append(3);
      await pollAfter(connector);
      await pollAfter(connector);
      expect(await numbersOfRuns(connector)).toEqual([2, 3]);
      const { runs } = polling.engine;
      const filtered = await runs.listTriggers({ outcome: 'filtered', limit: 9, cursor: null });
      expect(filtered.items).toHaveLength(1);
    });

    test('moves with triggers that were stored before, and stays where one is not stored', async () => {
      append(1);
      const connector = await connect();
      await pollAfter(connector);
      const { runs } = polling.engine;
      const repeat = { key: 'k', fingerprint: 'a', validForMs: minuteMs };
      const known = someDispatch({ connectorId: connector.id, repeat, run: { payload: { n: 5 } } });
      await runs.dispatchAll([known]);
      const other = someDispatch({ connectorId: connector.id, repeat: { ...repeat, fingerprint: 'b' } });
      const move = { connectorId: connector.id, from: 1, to: 5 };
      expect(await runs.dispatchAll([known, other], move)).toMatchObject([
        { outcome: 'repeated' },
        { outcome: 'mismatch' },
      ]);
      expect(await runs.dispatchAll([known], move)).toMatchObject([{ outcome: 'repeated' }]);
      await pollAfter(connector);
      expect(feed.asked).toEqual([0, 5]);
    });
  });
}
