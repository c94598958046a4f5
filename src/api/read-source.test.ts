import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { feed } from '../../test/connectors/feed-type.ts';
import { openStillEngine, type StillEngine } from '../../test/embedded/test-engine.ts';
import type { Connector } from '../core/connectors/connector.ts';
import type { AnyConnectorType } from '../core/connectors/connector-type.ts';
import { createConnector } from '../core/connectors/create-connector.ts';
import type { Backlog } from '../core/connectors/listening.ts';
import type { SourceState } from '../core/ports/connector-sources.ts';
import { sourceReader } from './read-source.ts';

const running: SourceState = {
  status: 'running',
  since: null,
  lastError: null,
  nextEventAt: null,
  backlog: null,
};

let still: StillEngine;
let connector: Connector;
let asked: string[];
let backlog: () => Promise<Backlog>;

const { inbound } = feed.modes;
if (inbound === undefined) throw new Error('The feed has an inbound mode.');

/** A type whose source reports its backlog. */
const counted: AnyConnectorType = {
  ...feed,
  modes: {
    inbound: {
      ...inbound,
      backlog: (config) => {
        asked.push(String(config['url']));
        return backlog();
      },
    },
  },
};

const readerOf = (state: SourceState | null) =>
  sourceReader({ ...still.engine, sources: { state: async () => state, health: async () => state } });

beforeEach(async () => {
  asked = [];
  backlog = async () => ({ waiting: 7, oldestSeconds: 90 });
  still = await openStillEngine({ clerk: 'async () => "done"' }, { types: new Map([['feed', counted]]) });
  const config = { url: 'https://example.com/feed' };
  const draft = { name: 'news', type: 'feed', mode: 'inbound', config, agents: ['clerk'] } as const;
  const made = await createConnector(still.engine, 'test', draft);
  if (made.outcome !== 'created') throw new Error(made.detail);
  connector = made.connector;
});

afterEach(() => still.close());

describe('what waits at a source', () => {
  test('is asked of its type, once for all who look at the same time, and again later', async () => {
    const read = readerOf(running);
    const seen = await Promise.all([read(connector), read(connector)]);
    expect(seen).toEqual(Array(2).fill({ ...running, backlog: { waiting: 7, oldestSeconds: 90 } }));
    expect(asked).toEqual(['https://example.com/feed']);
    still.now += 60_000;
    await read(connector);
    expect(asked).toHaveLength(2);
  });

  test('is asked of a stopped source as well, but not of one that fails', async () => {
    expect(await readerOf({ ...running, status: 'stopped' })(connector)).toMatchObject({
      backlog: { waiting: 7 },
    });
    await readerOf({ ...running, status: 'failing' })(connector);
    expect(asked).toHaveLength(1);
  });

  test('is what the open connection says, where it tells by itself', async () => {
    const open = { ...running, backlog: { waiting: 3 } };
    expect(await readerOf(open)(connector)).toEqual(open);
    expect(asked).toEqual([]);
  });

  test('is unknown where the source does not answer', async () => {
    backlog = () => Promise.reject(new Error('no answer'));
    expect(await readerOf(running)(connector)).toEqual(running);
  });
});
