import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type RunningProduct, runProduct } from '../../../test/running-product.ts';
import { changeConnector } from '../connectors/change-connector.ts';
import type { Connector } from '../connectors/connector.ts';
import { deleteConnector } from '../connectors/delete-connector.ts';
import { eachConnector } from '../connectors/each-connector.ts';
import { RetryableError } from '../errors.ts';
import type { Engine } from '../ports/engine.ts';
import { applyConnectors } from './apply-connectors.ts';
import { driftOf } from './code-state.ts';
import { deleteSecret, listSecrets, setSecret } from './named-secrets.ts';
import type { CodeDraft, Plan } from './plan.ts';
import { planConnectors } from './plan-connectors.ts';

let product: RunningProduct;
let engine: Engine;

beforeEach(async () => {
  product = await runProduct();
  engine = product.engine;
});

afterEach(() => product.stop());

function draft(key: string, fields: Partial<CodeDraft> = {}): CodeDraft {
  return {
    key,
    name: key,
    type: 'webhook',
    mode: 'inbound',
    config: {},
    agents: ['echo'],
    enabled: true,
    ...fields,
  };
}

const hook = { url: 'https://hooks.example/results' };

async function planned(drafts: readonly CodeDraft[]): Promise<Plan> {
  const outcome = await planConnectors(engine, drafts);
  if (outcome.outcome === 'refused') throw new Error(outcome.detail);
  return outcome.plan;
}

async function apply(drafts: readonly CodeDraft[]): Promise<Plan> {
  const outcome = await applyConnectors(engine, 'tester', drafts);
  if (outcome.outcome === 'refused') throw new Error(outcome.detail);
  return outcome.plan;
}

async function problemsOf(drafts: readonly CodeDraft[]) {
  const outcome = await planConnectors(engine, drafts);
  return outcome.outcome === 'refused'
    ? outcome.problems.map(({ field, message }) => `${field}: ${message}`)
    : [];
}

async function connector(name: string): Promise<Connector> {
  for await (const one of eachConnector(engine.connectors)) if (one.name === name) return one;
  throw new Error(`no connector ${name}`);
}

function shortOf({ steps }: Plan) {
  return steps.map(({ action, key, changes }) =>
    `${action} ${key} ${changes.map(({ field }) => field)}`.trim(),
  );
}

describe('applying connectors', () => {
  test('creates them, once', async () => {
    const drafts = [draft('in'), draft('out', { mode: 'outbound', config: hook, enabled: false })];
    expect(shortOf(await apply(drafts))).toEqual([
      expect.stringContaining('create in name,agents,enabled'),
      expect.stringContaining('create out'),
    ]);
    const [inbound, outbound] = [await connector('in'), await connector('out')];
    expect(inbound).toMatchObject({ enabled: true, agents: ['echo'], code: { key: 'in' } });
    expect(outbound).toMatchObject({ enabled: false, disabledPeriods: [{ until: null }] });
    expect((await engine.secrets.get(inbound.id)).current).toEqual(expect.any(String));
    expect((await apply(drafts)).steps).toEqual([]);
    expect(await connector('in')).toEqual(inbound);
  });

  test('changes what differs, and keeps the URL and the secret', async () => {
    await apply([draft('in')]);
    const before = await connector('in');
    const { current } = await engine.secrets.get(before.id);
    const changed = draft('in', {
      name: 'renamed',
      agents: ['echo', 'wait'],
      config: { max_body_bytes: 2_000 },
      enabled: false,
    });
    expect(shortOf(await apply([changed]))).toEqual(['change in name,agents,enabled,config.max_body_bytes']);
    const after = await connector('renamed');
    expect(after).toMatchObject({
      id: before.id,
      enabled: false,
      agents: ['echo', 'wait'],
      config: { max_body_bytes: 2_000 },
    });
    expect((await engine.secrets.get(before.id)).current).toBe(current);
    expect(shortOf(await apply([draft('in')]))).toEqual([
      'change in name,agents,enabled,config.max_body_bytes',
    ]);
    expect(await connector('in')).toMatchObject({
      enabled: true,
      disabledPeriods: [{ until: expect.any(Number) }],
    });
  });

  test('removes those without a file, and no connector that was created by hand', async () => {
    await product.connect('inbound', ['echo']);
    await apply([draft('a'), draft('b')]);
    const { id } = await connector('a');
    expect(shortOf(await apply([draft('b')]))).toEqual(['remove a']);
    expect(await engine.connectors.get(id)).toBeNull();
    expect(await engine.secrets.get(id)).toEqual({ current: null, previous: null, config: {} });
    const left = await Array.fromAsync(eachConnector(engine.connectors));
    expect(left).toHaveLength(2);
  });

  test('replaces a connector whose type or mode is another one', async () => {
    await apply([draft('a')]);
    const { id } = await connector('a');
    const sync = draft('a', { mode: 'sync' });
    expect(shortOf(await planned([sync]))).toEqual([expect.stringMatching(/^replace a/)]);
    await apply([sync]);
    const after = await connector('a');
    expect(after.mode).toBe('sync');
    expect(after.id).not.toBe(id);
    expect((await apply([sync])).steps).toEqual([]);
  });

  test('takes over a connector that was created by hand, by its name', async () => {
    await product.call('POST', '/connectors', {
      name: 'orders',
      type: 'webhook',
      mode: 'inbound',
      agents: ['echo'],
    });
    const before = await connector('orders');
    const plan = await planned([draft('orders')]);
    expect(plan.steps).toMatchObject([
      { action: 'change', isAdopted: true, changes: [], connectorId: before.id },
    ]);
    await apply([draft('orders')]);
    expect(await connector('orders')).toMatchObject({ id: before.id, code: { key: 'orders' } });
    expect((await apply([draft('orders')])).steps).toEqual([]);
  });

  test('names what was edited by hand since, and takes it back', async () => {
    await apply([draft('a', { config: { max_body_bytes: 2_000 } })]);
    const { id } = await connector('a');
    await changeConnector(engine, 'operator', id, { config: { max_body_bytes: 3_000 } });
    expect(driftOf(await connector('a'))).toEqual([
      { field: 'config.max_body_bytes', before: 2_000, after: 3_000, isSecret: false },
    ]);
    const plan = await planned([draft('a', { config: { max_body_bytes: 2_000 }, agents: [] })]);
    expect(plan.steps[0]?.changes).toMatchObject([
      { field: 'agents', editedElsewhere: false },
      { field: 'config.max_body_bytes', before: 3_000, after: 2_000, editedElsewhere: true },
    ]);
    await apply([draft('a', { config: { max_body_bytes: 2_000 } })]);
    expect(driftOf(await connector('a'))).toEqual([]);
  });

  test('an edit that a file has taken over is no drift any more', async () => {
    await apply([draft('a')]);
    const { id } = await connector('a');
    await changeConnector(engine, 'operator', id, { agents: [] });
    const plan = await apply([draft('a', { agents: [] })]);
    expect(plan.steps).toMatchObject([{ action: 'change', changes: [] }]);
    expect(driftOf(await connector('a'))).toEqual([]);
    expect((await apply([draft('a', { agents: [] })])).steps).toEqual([]);
  });

  test('sees another secret without showing it', async () => {
    const out = (authorization: string) =>
      draft('out', { mode: 'outbound', config: { ...hook, authorization } });
    await apply([out('Bearer one')]);
    const plan = await apply([out('Bearer two')]);
    expect(plan.steps[0]?.changes).toEqual([
      { field: 'config.authorization', before: null, after: null, isSecret: true, editedElsewhere: false },
    ]);
    const { id } = await connector('out');
    expect((await engine.secrets.get(id)).config).toEqual({ authorization: 'Bearer two' });
    expect((await apply([out('Bearer two')])).steps).toEqual([]);
    const { items } = await engine.audit.list({ limit: 50, cursor: null });
    expect(JSON.stringify([plan, items])).not.toContain('Bearer');
  });

  test('origins are named by their files, or by their names', async () => {
    await product.call('POST', '/connectors', {
      name: 'by hand',
      type: 'webhook',
      mode: 'inbound',
      agents: ['echo'],
    });
    const out = draft('out', { mode: 'outbound', config: { ...hook, from_connectors: ['in', 'by hand'] } });
    await apply([draft('in', { name: 'Orders' }), out]);
    const ids = [(await connector('Orders')).id, (await connector('by hand')).id];
    expect((await connector('out')).config['from_connectors']).toEqual(ids);
    const other = draft('out', { mode: 'outbound', config: { ...hook, from_connectors: ['in'] } });
    const plan = await planned([draft('in', { name: 'Orders' }), other]);
    expect(plan.steps[0]?.changes).toMatchObject([{ before: ['in', 'by hand'], after: ['in'] }]);
  });

  test('a connector takes a part of its configuration from a connection', async () => {
    const config = { bootstrap_servers: 'broker:9092' };
    await product.call('POST', '/connections', { name: 'orders-kafka', type: 'kafka', config });
    const events = draft('events', {
      type: 'kafka',
      mode: 'outbound',
      connection: 'orders-kafka',
      config: { topic: 'orders' },
    });
    const { steps } = await apply([events]);
    expect(steps[0]?.changes).toContainEqual(
      expect.objectContaining({ field: 'connection', after: 'orders-kafka' }),
    );
    const stored = await connector('events');
    expect(stored).toMatchObject({
      config: { ...config, topic: 'orders' },
      connection: { name: 'orders-kafka' },
    });
    expect((await apply([events])).steps).toEqual([]);
    const { items } = Object((await product.call('GET', '/connections')).json);
    await product.call('PATCH', `/connections/${items[0].id}`, {
      config: { bootstrap_servers: 'other:9092' },
    });
    expect(driftOf(await connector('events'))).toEqual([]);
    expect((await apply([events])).steps).toEqual([]);
    expect(await problemsOf([{ ...events, connection: 'orders-kafk' }])).toEqual([
      expect.stringMatching(/^connectors\.0\.connection: .*orders-kafk/),
    ]);
  });

  test('names every problem of every file, and changes nothing then', async () => {
    await product.call('POST', '/connectors', {
      name: 'taken',
      type: 'webhook',
      mode: 'sync',
      agents: ['echo'],
    });
    const drafts = [
      draft('a', { type: 'webhok', agents: ['ecko'] }),
      draft('b', { config: { max_body_byte: 3 } }),
      draft('c', {
        mode: 'outbound',
        config: { ...hook, from_connectors: ['d'], authorization: { secret: 'tokn' } },
      }),
      draft('taken'),
      draft('e', { name: 'b' }),
      draft('dd'),
      draft('../agents/clerk', { name: 'f' }),
    ];
    await setSecret(engine, 'tester', 'token', 'Bearer x');
    expect(await problemsOf(drafts)).toEqual([
      expect.stringMatching(
        /^connectors\.0\.type: there is no connector type "webhok"; known: .*\. Did you mean "webhook"\?$/,
      ),
      'connectors.0.agents.0: There is no agent named "ecko". Did you mean "echo"?',
      'connectors.1.config.max_body_byte: is not a known field. Did you mean "max_body_bytes"?',
      'connectors.2.config.authorization: there is no secret named "tokn". Did you mean "token"?',
      'connectors.2.config.from_connectors.0: there is no inbound or sync connector "d". Did you mean "a"?',
      'connectors.3.name: is the name of another connector, an existing sync webhook connector; rename one of them',
      'connectors.4.name: is also the name of connectors/b.yaml',
      'connectors.6.key: must be the name of a file, without a path',
    ]);
    const outcome = await applyConnectors(engine, 'tester', drafts);
    expect(outcome.outcome).toBe('refused');
    expect(await Array.fromAsync(eachConnector(engine.connectors))).toHaveLength(1);
  });

  test('does exactly what was confirmed, or nothing', async () => {
    const { digest } = await planned([draft('a')]);
    expect((await planned([draft('a')])).digest).toBe(digest);
    const outcome = await applyConnectors(engine, 'tester', [draft('a'), draft('b')], digest);
    expect(outcome).toMatchObject({
      reason: 'plan-outdated',
      detail: 'The connectors have changed since the plan was made. Make the plan again.',
    });
    expect(await Array.fromAsync(eachConnector(engine.connectors))).toEqual([]);
    expect((await applyConnectors(engine, 'tester', [draft('a')], digest)).outcome).toBe('applied');
  });

  test('makes the plan again if others change a connector in between, a few times', async () => {
    await apply([draft('a')]);
    const contended = (times: number): Engine => {
      let left = times;
      return {
        ...engine,
        connectorChanges: {
          async apply(changes) {
            if (left-- > 0) {
              const stored = await connector('a');
              await engine.connectors.replace({ ...stored, failingSince: left, version: stored.version + 1 });
            }
            return engine.connectorChanges.apply(changes);
          },
        },
      };
    };
    const changed = draft('a', { agents: [] });
    expect((await applyConnectors(contended(2), 'tester', [changed])).outcome).toBe('applied');
    expect(await connector('a')).toMatchObject({ agents: [], failingSince: 0 });
    await expect(applyConnectors(contended(9), 'tester', [draft('a')])).rejects.toThrow(RetryableError);
    expect((await connector('a')).agents).toEqual([]);
  });

  test('has one entry in the audit log for each connector, and one for the whole', async () => {
    await apply([draft('a'), draft('b')]);
    await apply([draft('a', { agents: [] })]);
    const { items } = await engine.audit.list({ limit: 50, cursor: null });
    expect(items.map(({ actor, action, detail }) => `${actor} ${action} ${detail}`).reverse()).toEqual([
      'tester connector.created As in connectors/a.yaml.',
      'tester connector.created As in connectors/b.yaml.',
      'tester connectors.applied Connectors from code: 2 created.',
      'tester connector.changed As in connectors/a.yaml. Changed: agents.',
      'tester connector.deleted connectors/b.yaml is gone.',
      'tester connectors.applied Connectors from code: 1 changed, 1 removed.',
    ]);
  });

  test('leaves 200 connectors alone that are as they should be', async () => {
    const drafts = Array.from({ length: 200 }, (_, index) =>
      draft(`c${index}`, { mode: 'outbound', config: { ...hook, authorization: `Bearer ${index}` } }),
    );
    await apply(drafts);
    expect((await planned(drafts)).unchanged).toBe(200);
  });
});

describe('named secrets', () => {
  test('are set, used, listed by name, and deleted', async () => {
    expect(await setSecret(engine, 'tester', 'hook-token', 'Bearer x')).toEqual({ outcome: 'set' });
    expect(await listSecrets(engine)).toEqual(['hook-token']);
    await apply([
      draft('out', { mode: 'outbound', config: { ...hook, authorization: { secret: 'hook-token' } } }),
    ]);
    const { id } = await connector('out');
    expect((await engine.secrets.get(id)).config).toEqual({ authorization: 'Bearer x' });
    expect(await deleteSecret(engine, 'tester', 'hok-token')).toMatchObject({
      reason: 'secret-not-found',
      detail: 'There is no secret named "hok-token". Did you mean "hook-token"?',
    });
    expect(await deleteSecret(engine, 'tester', 'hook-token')).toEqual({ outcome: 'deleted' });
    expect(await listSecrets(engine)).toEqual([]);
  });

  test('are not deleted as if they were a connector', async () => {
    await setSecret(engine, 'tester', 'hook-token', 'Bearer x');
    expect(await deleteConnector(engine, 'tester', 'named-secrets')).toMatchObject({
      reason: 'connector-not-found',
    });
    expect(await listSecrets(engine)).toEqual(['hook-token']);
  });

  test('have a name and a value', async () => {
    expect(await setSecret(engine, 'tester', '1 x', ' ')).toMatchObject({
      detail:
        'Invalid request. name: must start with a letter, and have only letters, digits, and the signs _ . -; value: is required.',
    });
  });
});
