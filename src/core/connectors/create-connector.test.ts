import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type RunningProduct, runProduct } from '../../../test/running-product.ts';
import { RetryableError } from '../errors.ts';
import type { Engine } from '../ports/engine.ts';
import { changeConnector } from './change-connector.ts';
import { matchesSecret } from './connector-secrets.ts';
import { type ConnectorDraft, createConnector } from './create-connector.ts';
import { deleteConnector } from './delete-connector.ts';

let product: RunningProduct;
let engine: Engine;

beforeAll(async () => {
  product = await runProduct();
  engine = product.engine;
});

afterAll(() => product.stop());

const draft: ConnectorDraft = {
  name: ' orders ',
  type: 'webhook',
  mode: 'inbound',
  config: {},
  agents: ['shout', 'echo'],
};

async function made(changes: Partial<ConnectorDraft> = {}) {
  const name = ` orders ${crypto.randomUUID()} `;
  const created = await createConnector(engine, 'tester', { ...draft, name, ...changes });
  if (created.outcome !== 'created') throw new Error(created.detail);
  return created;
}

async function problemsOf(changes: Partial<ConnectorDraft>) {
  const created = await createConnector(engine, 'tester', { ...draft, ...changes });
  return created.outcome === 'refused' ? created.problems : [];
}

describe('creating a connector', () => {
  test('stores it with its links in order and with the defaults of its type', async () => {
    const { connector } = await made();
    expect(await engine.connectors.get(connector.id)).toEqual(connector);
    expect(connector).toMatchObject({
      name: expect.stringMatching(/^orders \S+$/),
      agents: ['shout', 'echo'],
      enabled: true,
      config: { auth: { type: 'secret' } },
    });
  });

  test('makes a secret that the record knows only by its hash', async () => {
    const { connector, secret } = await made();
    expect(matchesSecret(secret ?? '', connector.secretHashes, engine.clock())).toBe(true);
    expect(JSON.stringify(connector)).not.toContain(secret);
    expect((await engine.secrets.get(connector.id)).current).toBe(secret);
  });

  test('keeps the secret fields of the configuration with the secrets', async () => {
    const config = { auth: { type: 'github' }, signing_secret: 'shared-with-github' };
    const { connector } = await made({ config });
    expect(connector.secretFields).toEqual(['signing_secret']);
    expect(JSON.stringify(connector)).not.toContain('shared-with-github');
    expect((await engine.secrets.get(connector.id)).config).toEqual({ signing_secret: 'shared-with-github' });
  });

  test('is written into the audit log', async () => {
    const { connector } = await made();
    const log = await engine.audit.list({ limit: 10, cursor: null, subject: connector.id });
    expect(log.items).toMatchObject([
      { actor: 'tester', action: 'connector.created', detail: `Created "${connector.name}".` },
    ]);
  });

  test.each(['a\u0000b', 'a\nb', 'a\u001b[31mb', 'a\u202eb', '\ud800'])(
    'refuses the name %j, which would not be shown as it is',
    async (name) => {
      expect(await problemsOf({ name })).toEqual([
        { field: 'name', message: 'must be one line of text without control characters' },
      ]);
    },
  );

  test('refuses an operational event that is listed twice', async () => {
    const config = { url: 'https://hooks.example/a', events: ['run.failed', 'tick.missed', 'run.failed'] };
    expect(await problemsOf({ mode: 'outbound', config })).toEqual([
      { field: 'config.events.2', message: '"run.failed" is listed twice' },
    ]);
  });

  test('suggests the agent that may be meant', async () => {
    expect(await problemsOf({ agents: ['ecko'] })).toEqual([
      { field: 'agents.0', message: 'There is no agent named "ecko". Did you mean "echo"?' },
    ]);
  });

  test('names every problem at once', async () => {
    const wrong = { name: ' ', config: { colour: 'red' }, agents: ['echo', 'nobody', 'echo'] };
    expect(await problemsOf(wrong)).toEqual([
      { field: 'name', message: 'is required' },
      { field: 'config.colour', message: 'is not a known field' },
      { field: 'agents.1', message: 'There is no agent named "nobody".' },
      { field: 'agents.2', message: '"echo" is listed twice' },
    ]);
  });

  test('of an unknown type tells the known ones', async () => {
    expect(await problemsOf({ type: 'fax' })).toEqual([
      {
        field: 'type',
        message: expect.stringMatching(/^there is no connector type "fax"; known: webhook, .*, cron$/),
      },
    ]);
  });

  test('limited to origins wants each to be there and to take something in', async () => {
    const inbound = await made();
    const outbound = { mode: 'outbound', config: { url: 'https://example.com' } } as const;
    const { connector: other } = await made(outbound);
    const limitedTo = (ids: string[]) => ({
      ...outbound,
      config: { ...outbound.config, from_connectors: ids },
    });
    expect(await problemsOf(limitedTo([inbound.connector.id]))).toEqual([]);
    expect(await problemsOf(limitedTo(['gone', other.id]))).toEqual([
      {
        field: 'config.from_connectors.0',
        message: 'there is no inbound or sync connector with the id "gone"',
      },
      {
        field: 'config.from_connectors.1',
        message: `there is no inbound or sync connector with the id "${other.id}"`,
      },
    ]);
  });

  test('is refused under a name that another connector has, until that one is renamed or deleted', async () => {
    const name = 'the only one';
    const taken = {
      outcome: 'refused',
      reason: 'name-taken',
      detail: 'A connector named "the only one" already exists. Use another name.',
    };
    const again = () => createConnector(engine, 'tester', { ...draft, name });
    const { connector } = await made({ name });
    expect(await again()).toMatchObject(taken);
    await changeConnector(engine, 'tester', connector.id, { name: 'another one' });
    const second = await again();
    expect(second).toMatchObject({ outcome: 'created' });
    expect(await changeConnector(engine, 'tester', connector.id, { name })).toMatchObject(taken);
    if (second.outcome === 'created') await deleteConnector(engine, 'tester', second.connector.id);
    expect(await changeConnector(engine, 'tester', connector.id, { name })).toMatchObject({
      outcome: 'changed',
    });
  });

  test('is done once for a name that many ask for at the same time', async () => {
    const all = Array.from({ length: 5 }, () =>
      createConnector(engine, 'tester', { ...draft, name: 'wanted by many' }),
    );
    const outcomes = (await Promise.all(all)).map(({ outcome }) => outcome);
    expect(outcomes.filter((outcome) => outcome === 'created')).toHaveLength(1);
  });

  test.each(['secrets', 'connectors'] as const)(
    'leaves no connector behind where the store of %s is away',
    async (store) => {
      const before = await engine.connectors.list({ limit: 100, cursor: null });
      const away = () => Promise.reject(new RetryableError('away'));
      const failing: Engine = {
        ...engine,
        secrets: store === 'secrets' ? { ...engine.secrets, change: away } : engine.secrets,
        connectors: store === 'connectors' ? { ...engine.connectors, create: away } : engine.connectors,
      };
      await expect(createConnector(failing, 'tester', { ...draft, name: store })).rejects.toThrow(
        RetryableError,
      );
      expect(await engine.connectors.list({ limit: 100, cursor: null })).toEqual(before);
    },
  );
});
