import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { describePolls, type PollingEngine } from '../../../../../test/conformance/poll-suite.ts';
import { type Feed, startFeed } from '../../../../../test/connectors/feed-server.ts';
import { feed as feedType } from '../../../../../test/connectors/feed-type.ts';
import { openStillEngine, type StillEngine } from '../../../../../test/embedded/test-engine.ts';
import { changeConnector } from '../../../../core/connectors/change-connector.ts';
import { createConnector } from '../../../../core/connectors/create-connector.ts';
import type { WatchContext } from '../../../../core/connectors/ways.ts';
import { createEventSources, type EventSources } from '../event-sources.ts';
import { pollRows } from './poll-queue.ts';

const agents = { clerk: 'async () => "done"', poet: 'async () => "done"' };
const types = new Map([['feed', feedType]]);

function startSources({ database, changes, engine }: StillEngine): EventSources {
  const sources = createEventSources(database, changes, engine);
  sources.start();
  return sources;
}

async function openPolling(): Promise<PollingEngine> {
  const still = await openStillEngine(agents, { types });
  let sources = startSources(still);
  const rows = pollRows(still.database);
  return {
    engine: {
      ...still.engine,
      sources: {
        state: (connectorId) => sources.state(connectorId),
        health: (connectorId) => sources.health(connectorId),
      },
    },
    get now() {
      return still.now;
    },
    set now(now) {
      still.now = now;
    },
    async pollDue(connectorId) {
      // Like a process that was down for so long. A restart looks immediately for due polls.
      await sources.stop();
      sources = startSources(still);
      const isDue = () => (rows.get(connectorId)?.nextPollAt ?? Number.POSITIVE_INFINITY) <= still.now;
      while (isDue() || !(await isFollowed(still, connectorId))) await sleep(5);
    },
    async close() {
      await sources.stop();
      await still.close();
    },
  };
}

/** Whether the stored poll matches the connector. */
async function isFollowed({ engine, database }: StillEngine, connectorId: string): Promise<boolean> {
  const connector = await engine.connectors.get(connectorId);
  const row = pollRows(database).get(connectorId);
  if (connector === null) return row === null;
  const isPolled = connector.enabled && connector.agents.length > 0;
  return ((row?.nextPollAt ?? null) !== null) === isPolled;
}

describe('the embedded engine', () => describePolls(openPolling));

describe('polls in one process', () => {
  let still: StillEngine;
  let feed: Feed;
  let sources: EventSources;
  beforeEach(async () => {
    [still, feed] = await Promise.all([openStillEngine(agents, { types }), startFeed()]);
    sources = startSources(still);
  });
  afterEach(async () => {
    await sources.stop();
    await Promise.all([still.close(), feed.stop()]);
  });

  const connect = async () => {
    const config = { url: feed.url, poll_seconds: 1 };
    const draft = { name: 'feed', type: 'feed', mode: 'inbound', config, agents: ['clerk'] } as const;
    const created = await createConnector(still.engine, 'test', { ...draft, name: crypto.randomUUID() });
    if (created.outcome !== 'created') throw new Error(created.detail);
    return created.connector;
  };
  const until = async (holds: () => boolean | Promise<boolean>) => {
    while (!(await holds())) await sleep(5);
  };
  const runCount = async () => (await still.engine.runs.list({ limit: 100, cursor: null })).items.length;

  test('begin as soon as a connector is made', async () => {
    feed.events.push({ n: 1 });
    await connect();
    await until(async () => (await runCount()) === 1);
  });

  test('that wait for their source do not hold up a stop, and are made again by the next process', async () => {
    feed.events.push({ n: 1 });
    const { promise: never } = Promise.withResolvers<void>();
    feed.before = () => never;
    await connect();
    await until(() => feed.asked.length === 1);
    await sources.stop();
    expect(await runCount()).toBe(0);
    feed.before = async () => {};
    sources = startSources(still);
    await until(async () => (await runCount()) === 1);
    expect(feed.asked).toEqual([0, 0]);
  });

  test('of one connector never overlap, however long its source takes', async () => {
    feed.events.push({ n: 1 });
    const answer = Promise.withResolvers<void>();
    feed.before = () => answer.promise;
    const slow = await connect();
    await until(() => feed.asked.length === 1);
    still.now += 60_000;
    const other = await startFeed();
    const config = { url: other.url, poll_seconds: 1 };
    const draft = { name: 'other', type: 'feed', mode: 'inbound', config, agents: ['clerk'] } as const;
    await createConnector(still.engine, 'test', { ...draft, name: crypto.randomUUID() });
    // Another source is polled meanwhile, which shows that the queue has looked at due polls.
    await until(() => other.asked.length > 0);
    await other.stop();
    expect(feed.asked).toEqual([0]);
    answer.resolve();
    await until(async () => (await sources.state(slow.id))?.status === 'running');
    expect(await runCount()).toBe(1);
  });

  test('of what a connector no longer says are broken off, and what they bring is not taken', async () => {
    const replaced = await startFeed();
    replaced.events.push({ n: 1 });
    const answer = Promise.withResolvers<void>();
    feed.events.push({ n: 2 });
    feed.before = () => answer.promise;
    const connector = await connect();
    await until(() => feed.asked.length === 1);
    const config = { url: replaced.url, poll_seconds: 1 };
    await changeConnector(still.engine, 'test', connector.id, { config });
    await until(async () => (await runCount()) === 1);
    answer.resolve();
    await replaced.stop();
    const { items } = await still.engine.runs.list({ limit: 10, cursor: null });
    const run = await still.engine.runs.get(items[0]?.runId ?? '');
    expect(run?.payload.value).toMatchObject({ n: 1 });
  });

  test('come soon after the clock was set back', async () => {
    feed.events.push({ n: 1 });
    const connector = await connect();
    await until(async () => (await sources.state(connector.id))?.status === 'running');
    still.now -= 90 * 24 * 3_600_000;
    feed.events.push({ n: 2 });
    await sources.stop();
    sources = startSources(still);
    await until(async () => (await runCount()) === 2);
  });

  describe('of a type that watches its source', () => {
    let watches: WatchContext[];
    beforeEach(async () => {
      watches = [];
      await Promise.all([sources.stop(), still.close()]);
      const { inbound } = feedType.modes;
      const poll = inbound?.ways.poll;
      if (inbound === undefined || poll === undefined) throw new Error('the feed is not polled');
      const watch = (context: WatchContext) => void watches.push(context);
      const watched = { ...feedType, modes: { inbound: { ...inbound, ways: { poll: { ...poll, watch } } } } };
      still = await openStillEngine(agents, { types: new Map([['feed', watched]]) });
      sources = startSources(still);
    });

    test('come when the source calls, and no call during a poll is lost', async () => {
      await connect();
      await until(() => feed.asked.length === 1 && watches.length === 1);
      still.now += 1;
      feed.events.push({ n: 1 });
      watches[0]?.wake();
      await until(async () => (await runCount()) === 1);
      const answer = Promise.withResolvers<void>();
      feed.before = () => answer.promise;
      still.now += 1;
      watches[0]?.wake();
      await until(() => feed.asked.length === 3);
      feed.before = async () => void feed.events.push({ n: 2 });
      watches[0]?.wake();
      answer.resolve();
      await until(async () => (await runCount()) === 2);
    });

    test('watch as the connector says now, and until the process stops', async () => {
      const connector = await connect();
      await until(() => watches.length === 1);
      const config = { url: feed.url, poll_seconds: 2 };
      await changeConnector(still.engine, 'test', connector.id, { config });
      await until(() => watches.length === 2);
      expect(watches.map(({ signal }) => signal.aborted)).toEqual([true, false]);
      await sources.stop();
      expect(watches.map(({ signal }) => signal.aborted)).toEqual([true, true]);
    });
  });
});
