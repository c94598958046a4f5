import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { openStillEngine, type StillEngine } from '../../../test/embedded/test-engine.ts';
import { loadConnectorTypes } from '../../connectors/index.ts';
import { changeConnector } from '../connectors/change-connector.ts';
import { checkDraft } from '../connectors/check-draft.ts';
import type { Connector } from '../connectors/connector.ts';
import { createConnector } from '../connectors/create-connector.ts';
import { deleteConnector } from '../connectors/delete-connector.ts';
import { testDraft } from '../connectors/test-draft.ts';
import { RetryableError } from '../errors.ts';
import type { JsonObject } from '../json/json-value.ts';
import type { Engine } from '../ports/engine.ts';
import type { Refusal } from '../refusal.ts';
import { applyPending } from './apply-connection.ts';
import { changeConnection } from './change-connection.ts';
import { createConnection } from './create-connection.ts';
import { deleteConnection } from './delete-connection.ts';
import type { NamedConnection } from './named-connection.ts';
import { testConnection, testConnectionDraft } from './test-connection.ts';

const connectorTypes = await loadConnectorTypes();

let still: StillEngine;
beforeEach(async () => {
  still = await openStillEngine({}, { types: connectorTypes });
});
afterEach(() => still.close());

const cluster = {
  bootstrap_servers: '127.0.0.1:1',
  security_protocol: 'SASL_SSL',
  sasl_mechanism: 'PLAIN',
  username: 'agents',
  password: 'first',
};

async function makeConnection(name: string, kind: string, config: JsonObject): Promise<NamedConnection> {
  return made(await createConnection(still.engine, 'ada', { name, kind, config })).connection;
}

async function makeConnector(
  name: string,
  type: string,
  mode: 'inbound' | 'outbound',
  config: JsonObject,
  connection: string | null,
): Promise<Connector> {
  const draft = { name, type, mode, config, connection, agents: [] };
  return made(await createConnector(still.engine, 'ada', draft)).connector;
}

function made<Outcome extends { outcome: string }>(outcome: Outcome | Refusal): Exclude<Outcome, Refusal> {
  if (outcome.outcome === 'refused') throw new Error((outcome as Refusal).detail);
  return outcome as Exclude<Outcome, Refusal>;
}

async function openedOf({ id }: Pick<Connector, 'id'>) {
  const opened = await still.engine.openConnector(id);
  return { config: opened?.connector.config, secrets: opened?.secrets.config };
}

function detailOf(outcome: { readonly outcome: string } | Refusal): string | undefined {
  return 'detail' in outcome ? outcome.detail : undefined;
}

async function actions(subject: string): Promise<string[]> {
  const { items } = await still.engine.audit.list({ limit: 100, cursor: null, subject });
  return items.map(({ action }) => action).toReversed();
}

describe('a connection', () => {
  test('gives its fields to connectors of both modes, which set the rest', async () => {
    const connection = await makeConnection('orders', 'kafka', cluster);
    const reader = await makeConnector('in', 'kafka', 'inbound', { topic: 'orders' }, 'orders');
    const writer = await makeConnector('out', 'kafka', 'outbound', { topic: 'results' }, 'orders');
    const { password, ...open } = cluster;
    for (const [connector, topic] of [
      [reader, 'orders'],
      [writer, 'results'],
    ] as const) {
      const { config, secrets } = await openedOf(connector);
      expect(config).toMatchObject({ ...open, topic });
      expect(secrets).toEqual({ password });
      expect(connector).toMatchObject({
        connection: { id: connection.id, name: 'orders', version: 1, fields: Object.keys(cluster) },
      });
    }
  });

  test('that is changed changes all its connectors, and its name in them', async () => {
    const { id } = await makeConnection('orders', 'kafka', cluster);
    const first = await makeConnector('in', 'kafka', 'inbound', { topic: 'orders' }, 'orders');
    const second = await makeConnector('out', 'kafka', 'outbound', { topic: 'results' }, 'orders');
    const other = await makeConnector('own', 'kafka', 'inbound', { ...cluster, topic: 'orders' }, null);
    const change = { name: 'shop', config: { username: 'clerks', password: 'second' } };
    expect(await changeConnection(still.engine, 'ada', id, change)).toMatchObject({
      outcome: 'changed',
      connection: { name: 'shop', version: 2, isPending: false },
    });
    for (const connector of [first, second]) {
      const { config, secrets } = await openedOf(connector);
      expect(config).toMatchObject({ username: 'clerks' });
      expect(secrets).toEqual({ password: 'second' });
      const stored = await still.engine.connectors.get(connector.id);
      expect(stored).toMatchObject({ connection: { name: 'shop', version: 2 }, version: 2 });
    }
    expect((await openedOf(other)).secrets).toEqual({ password: 'first' });
    const unchanged = await changeConnection(still.engine, 'ada', id, change);
    expect(unchanged).toMatchObject({ outcome: 'unchanged', connection: { version: 2 } });
    expect(await actions(id)).toEqual(['connection.created', 'connection.changed']);
    const entries = await still.engine.audit.list({ limit: 100, cursor: null });
    expect(JSON.stringify(entries)).not.toMatch(/first|second/);
  });

  test('that is taken away from a connector leaves what the connector sets itself', async () => {
    await makeConnection('orders', 'kafka', cluster);
    const { id } = await makeConnector('in', 'kafka', 'inbound', { topic: 'orders' }, 'orders');
    const without = await changeConnector(still.engine, 'ada', id, { connection: null });
    expect(detailOf(without)).toBe('Invalid request. config.bootstrap_servers: is required.');
    const config = { bootstrap_servers: '127.0.0.1:2' };
    await changeConnector(still.engine, 'ada', id, { connection: null, config });
    const { config: left, secrets } = await openedOf({ id });
    expect(left).toEqual({
      bootstrap_servers: '127.0.0.1:2',
      security_protocol: 'PLAINTEXT',
      topic: 'orders',
      auto_offset_reset: 'latest',
    });
    expect(secrets).toEqual({});
    expect(await still.engine.connectors.get(id)).toMatchObject({ connection: null, secretFields: [] });
  });

  test('replaces what a connector had itself when it gets the connection', async () => {
    await makeConnection('orders', 'kafka', cluster);
    const own = { bootstrap_servers: '127.0.0.1:9', topic: 'orders' };
    const { id } = await makeConnector('in', 'kafka', 'inbound', own, null);
    await changeConnector(still.engine, 'ada', id, { connection: 'orders' });
    expect((await openedOf({ id })).config).toMatchObject({ bootstrap_servers: '127.0.0.1:1' });
    await changeConnector(still.engine, 'ada', id, { config: { topic: 'returns' } });
    const { config, secrets } = await openedOf({ id });
    expect(config).toMatchObject({ bootstrap_servers: '127.0.0.1:1', topic: 'returns' });
    expect(secrets).toEqual({ password: 'first' });
    expect(await actions(id)).toEqual(['connector.created', 'connector.changed', 'connector.changed']);
  });

  test('of an account serves connectors of every type that uses it', async () => {
    const key = { access_key_id: 'AKIAIOSFODNN7EXAMPLE', secret_access_key: 'kept' };
    const { id } = await makeConnection('shop account', 'aws', key);
    const queue = { queue_url: 'https://sqs.eu-west-1.amazonaws.com/123456789012/orders' };
    const sqs = await makeConnector('queue', 'sqs', 'inbound', queue, 'shop account');
    const s3 = await makeConnector('bucket', 's3', 'inbound', { bucket: 'uploads' }, 'shop account');
    await changeConnection(still.engine, 'ada', id, { config: { session_token: 'token' } });
    for (const connector of [sqs, s3]) {
      const { secrets } = await openedOf(connector);
      expect(secrets).toEqual({ secret_access_key: 'kept', session_token: 'token' });
    }
    await changeConnection(still.engine, 'ada', id, { config: { session_token: null } });
    expect((await openedOf(sqs)).secrets).toEqual({ secret_access_key: 'kept' });
  });

  test('gives each connector the fields that it has, and leaves those open that it does not set', async () => {
    const login = { username: 'support@example.com', password: 'kept' };
    await makeConnection('support', 'email', login);
    const reader = await makeConnector('in', 'email', 'inbound', { host: 'imap.example.com' }, 'support');
    const config = { host: 'smtp.example.com', from_address: 'support@example.com' };
    const writer = await makeConnector('out', 'email', 'outbound', config, 'support');
    expect((await openedOf(reader)).config).toMatchObject({ host: 'imap.example.com', port: 993 });
    expect((await openedOf(writer)).config).toMatchObject({ host: 'smtp.example.com', port: 587 });
  });

  test('is deleted only when no connector uses it', async () => {
    const { id } = await makeConnection('orders', 'kafka', cluster);
    const one = await makeConnector('Orders in', 'kafka', 'inbound', { topic: 'a' }, 'orders');
    const two = await makeConnector('Orders out', 'kafka', 'outbound', { topic: 'b' }, 'orders');
    expect(detailOf(await deleteConnection(still.engine, 'ada', id))).toBe(
      'The connection "orders" is used by "Orders in", "Orders out". Give them another connection, or delete them first.',
    );
    for (const connector of [one, two]) await deleteConnector(still.engine, 'ada', connector.id);
    expect(await deleteConnection(still.engine, 'ada', id)).toEqual({ outcome: 'deleted' });
    expect(detailOf(await deleteConnection(still.engine, 'ada', id))).toBe(
      `There is no connection with the id "${id}".`,
    );
    expect(await actions(id)).toEqual(['connection.created', 'connection.deleted']);
  });
});

describe('what is wrong with a connection or its use', () => {
  beforeEach(async () => {
    await makeConnection('orders', 'kafka', cluster);
  });

  test.each<[string, string, JsonObject, string | null, string]>([
    [
      'kafka',
      'inbound',
      { topic: 'a' },
      'order',
      'connection: there is no connection named "order". Did you mean "orders"?',
    ],
    [
      'cron',
      'inbound',
      {},
      'orders',
      'connection: connectors of type "cron" use no connection: leave it out.',
    ],
    [
      'slack',
      'outbound',
      {},
      'orders',
      'connection: "orders" is of type "kafka"; connectors of type "slack" use connections of type "slack".',
    ],
    [
      'kafka',
      'inbound',
      { topic: 'a', username: 'me', password: 'mine' },
      'orders',
      'config.username: comes from the connection "orders": leave it out, or change it there; config.password: comes from the connection "orders": leave it out, or change it there.',
    ],
    ['kafka', 'inbound', {}, 'orders', 'config.topic: is required.'],
  ])(
    'a connector of type %s in mode %s with %j and "%s" is refused',
    async (type, mode, config, connection, detail) => {
      const draft = { name: 'x', type, mode: mode as 'inbound' | 'outbound', config, connection, agents: [] };
      expect(detailOf(await createConnector(still.engine, 'ada', draft))).toBe(`Invalid request. ${detail}`);
      const checked = await checkDraft(still.engine, type, draft.mode, config, connection);
      expect(detailOf(checked)).toBe(`Invalid request. ${detail}`);
      const signal = AbortSignal.timeout(5_000);
      expect(detailOf(await testDraft(still.engine, 'ada', draft, signal))).toBe(
        `Invalid request. ${detail}`,
      );
    },
  );

  test('a connector gets nothing from a connection without any of its fields', async () => {
    await makeConnection('account', 'aws', {
      access_key_id: 'AKIAIOSFODNN7EXAMPLE',
      secret_access_key: 'kept',
    });
    const draft = { name: 'x', type: 'eventbridge', mode: 'inbound' as const, config: {}, agents: [] };
    const created = await createConnector(still.engine, 'ada', { ...draft, connection: 'account' });
    expect(detailOf(created)).toBe(
      'Invalid request. connection: "account" sets no field that this connector has.',
    );
  });

  test('the problem of a value that comes from a connection names the connection', async () => {
    const settings = { ...still.engine.settings, allowPrivateTargets: false };
    const strict: Engine = { ...still.engine, settings };
    const draft = { name: 'x', type: 'kafka', mode: 'inbound' as const, config: { topic: 'a' }, agents: [] };
    const created = await createConnector(strict, 'ada', { ...draft, connection: 'orders' });
    expect(detailOf(created)).toMatch(/^Invalid request\. connection: bootstrap_servers of "orders": /);
  });

  test.each<[string, string, JsonObject, string]>([
    ['', 'slack', { bot_token: 'xoxb-1-2' }, 'name: is required.'],
    ['a', 'slack', {}, 'config.bot_token: Enter the bot token, the signing secret, or both.'],
    ['a', 'kafka', { topic: 'a', ...cluster }, 'config.topic: is not a known field.'],
    [
      'a',
      'webhook',
      {},
      'type: there are no connections of type "webhook"; known: kafka, aws, email, slack, telegram, twilio_messaging, postgres.',
    ],
  ])('a connection named "%s" of type %s with %j is refused', async (name, kind, config, detail) => {
    const created = await createConnection(still.engine, 'ada', { name, kind, config });
    expect(detailOf(created)).toBe(`Invalid request. ${detail}`);
  });

  test('two connections cannot have one name', async () => {
    const draft = { name: 'orders', kind: 'kafka', config: cluster };
    const detail = 'A connection named "orders" already exists. Use another name.';
    expect(detailOf(await createConnection(still.engine, 'ada', draft))).toBe(detail);
    const { id } = await makeConnection('stock', 'kafka', cluster);
    expect(detailOf(await changeConnection(still.engine, 'ada', id, { name: 'orders' }))).toBe(detail);
  });

  test('a change that does not suit all connectors changes none', async () => {
    const { id } = await makeConnection('support', 'email', { username: 'support', password: 'kept' });
    await makeConnector('Mail in', 'email', 'inbound', { host: 'imap.example.com' }, 'support');
    const change = { config: { host: 'mail.example.com', password: 'new' } };
    expect(detailOf(await changeConnection(still.engine, 'ada', id, change))).toBe(
      'Invalid request. config: does not suit the connector "Mail in": config.host: comes from the connection "support": leave it out, or change it there.',
    );
    expect((await still.engine.connections.get(id))?.secrets).toEqual({ password: 'kept' });
    const missing = await changeConnection(still.engine, 'ada', 'nothing', change);
    expect(detailOf(missing)).toBe('There is no connection with the id "nothing".');
  });

  test('a connection is tested by itself, if its type can do that', async () => {
    const signal = AbortSignal.timeout(5_000);
    const { id } = await makeConnection('support', 'email', { username: 'support', password: 'kept' });
    expect(detailOf(await testConnection(still.engine, 'ada', id, signal))).toBe(
      'A connection of type "email" cannot be tested by itself: test a connector that uses it.',
    );
    const plain = { bootstrap_servers: '127.0.0.1:1' };
    expect(await testConnectionDraft(still.engine, 'ada', 'kafka', plain, signal)).toMatchObject({
      outcome: 'tested',
      probed: { outcome: 'failed' },
    });
    const invalid = await testConnectionDraft(still.engine, 'ada', 'kafka', {}, signal);
    expect(detailOf(invalid)).toBe('Invalid request. config.bootstrap_servers: is required.');
  });
});

describe('a change that was cut short', () => {
  /** An engine whose connectors can be written only so often, as if the process died after that. */
  function dyingAfter(writes: number): Engine {
    let left = writes;
    const { engine } = still;
    return {
      ...engine,
      connectors: {
        ...engine.connectors,
        replace: (connector) =>
          left-- > 0 ? engine.connectors.replace(connector) : Promise.reject(new RetryableError('gone')),
      },
    };
  }

  test('is pending, and completed by whoever comes next', async () => {
    const { id } = await makeConnection('app', 'slack', { signing_secret: 'first' });
    const connectors = [
      await makeConnector('a', 'slack', 'inbound', {}, 'app'),
      await makeConnector('b', 'slack', 'inbound', {}, 'app'),
      await makeConnector('c', 'slack', 'inbound', {}, 'app'),
    ];
    const config = { signing_secret: 'second', bot_token: 'xoxb-1-2' };
    const changed = await changeConnection(dyingAfter(1), 'ada', id, { config });
    expect(changed).toMatchObject({ outcome: 'changed', connection: { isPending: true } });
    expect(await still.engine.connections.pending()).toEqual([id]);
    const versions = async () =>
      (await still.engine.connectors.using(id)).map(({ connection }) => connection?.version);
    expect(await versions()).toEqual([2, 1, 1]);

    await applyPending(still.engine);
    expect(await versions()).toEqual([2, 2, 2]);
    expect(await still.engine.connections.pending()).toEqual([]);
    for (const connector of connectors) expect((await openedOf(connector)).secrets).toEqual(config);
    const stored = await still.engine.connectors.get(connectors[0]?.id ?? '');
    expect(stored?.version).toBe(2);
  });

  test('may be followed by another change, which all connectors get', async () => {
    const { id } = await makeConnection('app', 'slack', { signing_secret: 'first' });
    const connector = await makeConnector('a', 'slack', 'inbound', {}, 'app');
    await changeConnection(dyingAfter(0), 'ada', id, { config: { bot_token: 'xoxb-1-2' } });
    await changeConnection(still.engine, 'ada', id, { config: { bot_token: null } });
    expect((await openedOf(connector)).secrets).toEqual({ signing_secret: 'first' });
    expect(await still.engine.connections.pending()).toEqual([]);
  });

  test('is not taken back by a change of the connector itself', async () => {
    const { id } = await makeConnection('app', 'slack', { signing_secret: 'first' });
    const connector = await makeConnector('a', 'slack', 'inbound', {}, 'app');
    await changeConnection(dyingAfter(0), 'ada', id, { config: { signing_secret: 'second' } });
    await changeConnector(still.engine, 'ada', connector.id, { config: { events: ['message.im'] } });
    expect((await openedOf(connector)).secrets).toEqual({ signing_secret: 'second' });
    const stored = await still.engine.connectors.get(connector.id);
    expect(stored).toMatchObject({ connection: { version: 2 }, config: { events: ['message.im'] } });
    await applyPending(still.engine);
    expect((await still.engine.connectors.get(connector.id))?.version).toBe(stored?.version);
  });

  test.each<[string, JsonObject, JsonObject]>([
    ['changes', { bot_token: 'xoxb-1-2' }, { bot_token: 'xoxb-3-4' }],
    ['adds', {}, { bot_token: 'xoxb-5-6' }],
  ])('keeps a secret that an operator %s at the same moment', async (_, config, patch) => {
    const { id } = await makeConnection('app', 'slack', { signing_secret: 'first' });
    const connector = await makeConnector('a', 'slack', 'inbound', config, 'app');
    await changeConnection(dyingAfter(0), 'ada', id, { config: { signing_secret: 'second' } });
    const { engine } = still;
    let changed = false;
    const paused: Engine = {
      ...engine,
      secrets: {
        ...engine.secrets,
        async get(connectorId) {
          const read = await engine.secrets.get(connectorId);
          if (!changed) {
            changed = true;
            await changeConnector(engine, 'bob', connector.id, { config: patch });
          }
          return read;
        },
      },
    };
    await applyPending(paused);
    expect(changed).toBe(true);
    expect((await openedOf(connector)).secrets).toEqual({ signing_secret: 'second', ...patch });
    expect(await engine.connections.pending()).toEqual([]);
  });

  test('waits for a connector that cannot have it, without holding up the others', async () => {
    const { id } = await makeConnection('app', 'slack', { signing_secret: 'first' });
    const odd = await makeConnector('a', 'slack', 'inbound', {}, 'app');
    const plain = await makeConnector('b', 'slack', 'inbound', {}, 'app');
    // Another operator gives the connector its own token between the check and the change.
    const { engine } = still;
    const raced: Engine = {
      ...engine,
      connections: {
        ...engine.connections,
        async replace(opened) {
          await changeConnector(engine, 'bob', odd.id, { config: { bot_token: 'xoxb-3-4' } });
          return engine.connections.replace(opened);
        },
      },
    };
    const config = { bot_token: 'xoxb-1-2' };
    const changed = await changeConnection(raced, 'ada', id, { config });
    expect(changed).toMatchObject({ outcome: 'changed', connection: { isPending: true } });
    expect((await openedOf(plain)).secrets).toEqual({ signing_secret: 'first', ...config });
    expect((await openedOf(odd)).secrets).toEqual({ signing_secret: 'first', bot_token: 'xoxb-3-4' });
    await changeConnector(engine, 'bob', odd.id, { config: { bot_token: null } });
    await applyPending(engine);
    expect((await openedOf(odd)).secrets).toEqual({ signing_secret: 'first', ...config });
    expect(await engine.connections.pending()).toEqual([]);
  });
});
