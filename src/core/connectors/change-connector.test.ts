import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type RunningProduct, runProduct } from '../../../test/running-product.ts';
import { RetryableError } from '../errors.ts';
import type { Engine } from '../ports/engine.ts';
import { type ConnectorPatch, changeConnector } from './change-connector.ts';
import type { Connector } from './connector.ts';
import { deleteConnector } from './delete-connector.ts';
import { linkAgent, unlinkAgent } from './link-agent.ts';

let product: RunningProduct;
let engine: Engine;

beforeAll(async () => {
  product = await runProduct();
  engine = product.engine;
});

afterAll(() => product.stop());

async function stored(id: string): Promise<Connector> {
  const connector = await engine.connectors.get(id);
  if (connector === null) throw new Error('missing');
  return connector;
}

async function actionsOn(id: string) {
  const { items } = await engine.audit.list({ limit: 10, cursor: null, subject: id });
  return items.map(({ action, detail }) => `${action} ${detail ?? ''}`.trim());
}

/** An engine in which another writer changes the connector just before each of the first `times` writes. */
function contended(times: number): Engine {
  let left = times;
  return {
    ...engine,
    connectors: {
      ...engine.connectors,
      async replace(connector) {
        if (left > 0) {
          left -= 1;
          const current = await stored(connector.id);
          const failingSince = (current.failingSince ?? 0) + 1;
          await engine.connectors.replace({ ...current, failingSince, version: current.version + 1 });
        }
        return engine.connectors.replace(connector);
      },
    },
  };
}

describe('changing a connector', () => {
  test('leaves what is not given as it is', async () => {
    const { id } = await product.connect('inbound', ['echo'], { max_body_bytes: 2_000 });
    const before = await stored(id);
    await changeConnector(engine, 'tester', id, { name: 'renamed' });
    expect(await stored(id)).toEqual({
      ...before,
      name: 'renamed',
      version: before.version + 1,
      updatedAt: expect.any(Number),
    });
  });

  test('lays the given fields over the configuration; null sets one back to its default', async () => {
    const { id } = await product.connect('outbound', ['echo'], {
      url: 'https://a.example',
      timeout_seconds: 20,
    });
    await changeConnector(engine, 'tester', id, { config: { url: 'https://b.example' } });
    expect((await stored(id)).config).toMatchObject({ url: 'https://b.example', timeout_seconds: 20 });
    await changeConnector(engine, 'tester', id, { config: { timeout_seconds: null } });
    expect((await stored(id)).config).toMatchObject({ url: 'https://b.example', timeout_seconds: 15 });
  });

  test('keeps a secret field that is not given, and forgets one that is null', async () => {
    const config = { auth: { type: 'github' }, signing_secret: 'first-secret' };
    const { id, secret } = await product.connect('inbound', ['echo'], config);
    await changeConnector(engine, 'tester', id, { config: { max_body_bytes: 2_000 } });
    expect(await engine.secrets.get(id)).toMatchObject({
      current: secret,
      config: { signing_secret: 'first-secret' },
    });
    await changeConnector(engine, 'tester', id, { config: { signing_secret: null } });
    expect((await engine.secrets.get(id)).config).toEqual({});
    expect((await stored(id)).secretFields).toEqual([]);
  });

  test('reads the stored secrets once, and writes them only where they change', async () => {
    const config = { auth: { type: 'github' }, signing_secret: 'first-secret' };
    const { id } = await product.connect('inbound', ['echo'], config);
    const calls: string[] = [];
    const { secrets } = engine;
    const counting: Engine = {
      ...engine,
      secrets: {
        ...secrets,
        get(connectorId) {
          calls.push('read');
          return secrets.get(connectorId);
        },
        change(connectorId, change) {
          return secrets.change(connectorId, (stored) => {
            const changed = change(stored);
            calls.push(changed === null ? 'read' : 'read and written');
            return changed;
          });
        },
      },
    };
    const patched = async (patch: ConnectorPatch) => {
      await changeConnector(counting, 'tester', id, patch);
      return calls.splice(0);
    };
    expect(await patched({ name: 'renamed as well' })).toEqual([]);
    expect(await patched({ config: { max_body_bytes: 2_000 } })).toEqual(['read']);
    expect(await patched({ config: { signing_secret: 'second-secret' } })).toEqual(['read and written']);
    expect(await patched({ name: '', config: { signing_secret: 'third-secret' } })).toEqual(['read']);
    expect((await secrets.get(id)).config).toEqual({ signing_secret: 'second-secret' });
  });

  test.each<[string, ConnectorPatch]>([
    ['without a field', {}],
    ['to the values that it has', { name: 'unchanging', enabled: true, agents: ['echo'] }],
    ['to the configuration that it has', { config: { max_body_bytes: 2_000, signing_secret: 'a-secret' } }],
    ['with an empty configuration', { config: {} }],
  ])('%s writes nothing, and no entry of the audit log', async (_title, patch) => {
    const config = { auth: { type: 'github' }, signing_secret: 'a-secret', max_body_bytes: 2_000 };
    const { id } = await product.connect('inbound', ['echo'], config);
    await changeConnector(engine, 'tester', id, { name: patch.name ?? id });
    const before = await stored(id);
    const changed = await changeConnector(engine, 'tester', id, patch);
    expect(changed).toEqual({ outcome: 'unchanged', connector: before, held: null });
    expect(await stored(id)).toEqual(before);
    expect(await actionsOn(id)).toEqual([
      'connector.changed Changed: name.',
      expect.stringContaining('Created'),
    ]);
  });

  test('only of a secret is a change too, and stands in the audit log', async () => {
    const config = { auth: { type: 'github' }, signing_secret: 'first-secret' };
    const { id } = await product.connect('inbound', ['echo'], config);
    const { version } = await stored(id);
    await changeConnector(contended(1), 'tester', id, { config: { signing_secret: 'second-secret' } });
    expect((await stored(id)).version).toBe(version + 2);
    expect(await actionsOn(id)).toContain('connector.changed Changed: config.');
  });

  test('that is not valid changes nothing and names every problem', async () => {
    const { id } = await product.connect('inbound', ['echo']);
    const before = await stored(id);
    const patch = { name: '', config: { max_body_bytes: -1 }, agents: ['nobody'] };
    const changed = await changeConnector(engine, 'tester', id, patch);
    expect(changed).toMatchObject({
      outcome: 'refused',
      reason: 'invalid-request',
      problems: [{ field: 'name' }, { field: 'config.max_body_bytes' }, { field: 'agents.0' }],
    });
    expect(await stored(id)).toEqual(before);
  });

  test('to the name of another one leaves its secrets as they are', async () => {
    const config = { auth: { type: 'github' }, signing_secret: 'first-secret' };
    const { id } = await product.connect('inbound', ['echo'], config);
    const other = await product.connect('inbound', ['echo']);
    const { name } = await stored(other.id);
    const patch = { name, config: { signing_secret: 'second-secret' } };
    expect(await changeConnector(engine, 'tester', id, patch)).toMatchObject({ reason: 'name-taken' });
    expect((await engine.secrets.get(id)).config).toEqual({ signing_secret: 'first-secret' });
    await changeConnector(engine, 'tester', id, { ...patch, name: `${name} 2` });
    expect((await engine.secrets.get(id)).config).toEqual({ signing_secret: 'second-secret' });
  });

  test('back to enabled begins a new history of failures', async () => {
    const { id } = await product.connect('outbound', ['echo'], { url: 'https://a.example' });
    const current = await stored(id);
    const disabled = {
      enabled: false,
      disabledReason: 'The receiver responded with 410 Gone.',
      failingSince: 1,
    };
    await engine.connectors.replace({ ...current, ...disabled, version: current.version + 1 });
    await changeConnector(engine, 'tester', id, { enabled: true });
    expect(await stored(id)).toMatchObject({ enabled: true, disabledReason: null, failingSince: null });
    expect(await actionsOn(id)).toContain('connector.enabled');
  });

  test('is repeated on what somebody else has changed meanwhile', async () => {
    const { id } = await product.connect('inbound', ['echo']);
    await changeConnector(contended(2), 'tester', id, { name: 'mine' });
    expect(await stored(id)).toMatchObject({ name: 'mine', failingSince: 2 });
  });

  test('gives up where others never stop changing it', async () => {
    const { id } = await product.connect('inbound', ['echo']);
    const changing = changeConnector(contended(100), 'tester', id, { name: 'also mine' });
    await expect(changing).rejects.toThrow(RetryableError);
  });

  test('that does not exist is refused', async () => {
    expect(await changeConnector(engine, 'tester', 'gone', { name: 'x' })).toMatchObject({
      reason: 'connector-not-found',
      detail: 'There is no connector with the id "gone".',
    });
  });
});

describe('a link', () => {
  test('goes to the end, and may be made and taken away twice', async () => {
    const { id } = await product.connect('inbound', ['shout']);
    expect((await linkAgent(engine, 'tester', id, 'echo')).outcome).toBe('linked');
    expect((await linkAgent(engine, 'tester', id, 'echo')).outcome).toBe('unchanged');
    expect((await stored(id)).agents).toEqual(['shout', 'echo']);
    expect((await unlinkAgent(engine, 'tester', id, 'shout')).outcome).toBe('unlinked');
    expect((await unlinkAgent(engine, 'tester', id, 'shout')).outcome).toBe('unchanged');
    expect((await stored(id)).agents).toEqual(['echo']);
    expect(await actionsOn(id)).toEqual([
      'connector.unlinked Unlinked agent "shout".',
      'connector.linked Linked agent "echo".',
      `connector.created Created "${(await stored(id)).name}".`,
    ]);
  });

  test('to an agent or of a connector that does not exist is refused', async () => {
    const { id } = await product.connect('inbound', ['shout']);
    expect(await linkAgent(engine, 'tester', id, 'nobody')).toMatchObject({ reason: 'agent-not-found' });
    expect(await linkAgent(engine, 'tester', 'gone', 'echo')).toMatchObject({
      reason: 'connector-not-found',
    });
    expect(await unlinkAgent(engine, 'tester', 'gone', 'echo')).toMatchObject({
      reason: 'connector-not-found',
    });
  });
});

describe('deleting a connector', () => {
  test('takes its secrets with it', async () => {
    const { id } = await product.connect('inbound', ['echo']);
    expect((await deleteConnector(engine, 'tester', id)).outcome).toBe('deleted');
    expect(await engine.connectors.get(id)).toBeNull();
    expect((await engine.secrets.get(id)).current).toBeNull();
    expect(await deleteConnector(engine, 'tester', id)).toMatchObject({ reason: 'connector-not-found' });
  });

  test('a second time removes the secrets that a crash has left', async () => {
    const { id, secret } = await product.connect('inbound', ['echo']);
    await engine.connectors.delete(id);
    expect((await engine.secrets.get(id)).current).toBe(secret);
    await deleteConnector(engine, 'tester', id);
    expect((await engine.secrets.get(id)).current).toBeNull();
  });
});
