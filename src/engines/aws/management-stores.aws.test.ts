import { GetSecretValueCommand, PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { takeMessages } from '../../../test/aws/queue-messages.ts';
import { newId, sampleConnector, sampleDispatch } from '../../../test/aws/samples.ts';
import { type TestEngine, testEngine } from '../../../test/aws/test-engine.ts';
import type { Budget } from '../../core/budgets/budget.ts';
import { secretsKey } from './store/keys.ts';

let made: TestEngine;
beforeAll(async () => {
  made = await testEngine();
});

describe('connectors', () => {
  test('come back as they were stored, and are replaced only by who has seen the latest', async () => {
    const { connectors } = made.engine;
    const connector = sampleConnector(made.now, {
      config: { tolerance: 1e-200, nested: { list: [1, 'two', null, ''] } },
      secretHashes: [{ sha256: 'abc', expiresAt: null }],
    });
    await connectors.create(connector);
    await expect(connectors.create(connector)).rejects.toMatchObject({ code: 'connector-exists' });
    expect(await connectors.get(connector.id)).toEqual(connector);
    const changed = { ...connector, name: 'Renamed', version: 2 };
    const outcomes = await Promise.all([1, 2, 3].map(() => connectors.replace(changed)));
    expect(outcomes.sort()).toEqual(['changed-meanwhile', 'changed-meanwhile', 'replaced']);
    expect(await connectors.get(connector.id)).toEqual(changed);
    expect(await connectors.replace({ ...sampleConnector(made.now), version: 2 })).toBe('missing');
  });

  test('link to 95 agents at most', async () => {
    const agents = Array.from({ length: 96 }, (_, index) => `agent-${index}`);
    const { connectors } = made.engine;
    await expect(connectors.create(sampleConnector(made.now, { agents }))).rejects.toMatchObject({
      code: 'too-many-links',
    });
    const connector = sampleConnector(made.now, { agents: agents.slice(1) });
    await connectors.create(connector);
    expect(await connectors.linkedTo('agent-95')).toEqual([connector]);
  });

  test('are remembered for as long as the engine is told, and not beyond', async () => {
    const busy = made.another({ cacheMs: 2_000 });
    const connector = sampleConnector(made.now);
    await made.engine.connectors.create(connector);
    expect(await busy.connectors.get(connector.id)).toEqual(connector);
    const changed = { ...connector, enabled: false, version: 2 };
    await made.engine.connectors.replace(changed);
    expect(await busy.connectors.get(connector.id)).toEqual(connector);
    made.now += 2_000;
    expect(await busy.connectors.get(connector.id)).toEqual(changed);
  });

  test('that nobody has are remembered likewise, so that time tells a prober nothing', async () => {
    const busy = made.another({ cacheMs: 2_000 });
    const connector = sampleConnector(made.now);
    expect(await busy.connectors.get(connector.id)).toBeNull();
    await made.engine.connectors.create(connector);
    expect(await busy.connectors.get(connector.id)).toBeNull();
    made.now += 2_000;
    expect(await busy.connectors.get(connector.id)).toEqual(connector);
  });

  test('that one process was asked for before it made them are found at once', async () => {
    const busy = made.another({ cacheMs: 2_000 });
    const connector = sampleConnector(made.now);
    expect(await busy.connectors.get(connector.id)).toBeNull();
    await busy.connectors.create(connector);
    expect(await busy.connectors.get(connector.id)).toEqual(connector);
  });
});

describe('budgets', () => {
  const budget: Budget = {
    budgetId: newId(0),
    name: 'monthly',
    scope: { type: 'deployment', id: null },
    measure: 'runs',
    period: 'month',
    timeZone: 'UTC',
    limit: 1,
    warnAt: null,
    onLimit: 'refuse',
    createdAt: 0,
    version: 1,
  };

  test('are at hand for as long as connectors are remembered, and for five seconds at least', async () => {
    const connector = sampleConnector(made.now);
    await made.engine.connectors.create(connector);
    await made.engine.budgets.create(budget);
    for (const [cacheMs, keptMs] of [
      [60_000, 60_000],
      [2_000, 5_000],
    ] as const) {
      const busy = made.another({ cacheMs });
      expect(busy.budgets.atHand()).toEqual([]);
      await busy.connectors.get(connector.id);
      made.now += keptMs - 1;
      expect(busy.budgets.atHand()).toEqual([budget]);
      made.now += 1;
      expect(busy.budgets.atHand()).toEqual([]);
    }
  });

  test('of runs are read again after five seconds', async () => {
    const busy = made.another({ cacheMs: 60_000 });
    expect(await busy.budgets.inForce()).toEqual([budget]);
    await made.engine.budgets.delete(budget.budgetId);
    made.now += 4_999;
    expect(await busy.budgets.inForce()).toEqual([budget]);
    made.now += 1;
    expect(await busy.budgets.inForce()).toEqual([]);
  });
});

describe('secrets', () => {
  const secrets = {
    current: 'whsec_visible',
    previous: { secret: 'old', expiresAt: 5 },
    config: { token: 't' },
  };

  test('come back, and are nowhere to be read in the table', async () => {
    const id = newId(made.now);
    await made.engine.secrets.change(id, () => secrets);
    expect(await made.another().secrets.get(id)).toEqual(secrets);
    const { Item: item } = await made.clients.dynamo.send(
      new GetCommand({ TableName: made.resources.tableName, Key: secretsKey(id) }),
    );
    const stored = Buffer.concat(
      Object.values(item ?? {}).map((value) =>
        Buffer.from(value instanceof Uint8Array ? value : String(value)),
      ),
    );
    expect(stored.includes('visible')).toBe(false);
    await made.engine.secrets.delete(id);
    expect(await made.engine.secrets.get(id)).toEqual({ current: null, previous: null, config: {} });
  });

  test('can be read after the key was rotated, also by a process that knows only the old one', async () => {
    const fresh = await testEngine();
    const [before, after] = [newId(made.now), newId(made.now)];
    await fresh.engine.secrets.change(before, () => secrets);
    const { keySecretId: SecretId } = fresh.resources;
    const manager = await fresh.clients.secrets();
    const { SecretString: text } = await manager.send(new GetSecretValueCommand({ SecretId }));
    const rotated = { key: 'k'.repeat(40), previous: [JSON.parse(text ?? '').key] };
    await manager.send(new PutSecretValueCommand({ SecretId, SecretString: JSON.stringify(rotated) }));
    const rotatedEngine = fresh.another();
    await rotatedEngine.secrets.change(after, () => secrets);
    expect(await rotatedEngine.secrets.get(before)).toEqual(secrets);
    expect(await fresh.engine.secrets.get(after)).toEqual(secrets);
  });

  test('moved to another connector cannot be opened', async () => {
    const [mine, yours] = [newId(made.now), newId(made.now)];
    await made.engine.secrets.change(mine, () => secrets);
    const { tableName: TableName } = made.resources;
    const { Item: item } = await made.clients.dynamo.send(
      new GetCommand({ TableName, Key: secretsKey(mine) }),
    );
    await made.clients.dynamo.send(new PutCommand({ TableName, Item: { ...item, ...secretsKey(yours) } }));
    await expect(made.engine.secrets.get(yours)).rejects.toMatchObject({ code: 'secret-damaged' });
  });
});

describe('a dead letter', () => {
  const letterOf = (source: string, id: string) => ({
    deadLetterId: newId(made.now),
    at: made.now,
    source,
    reason: 'It was handed out too often.',
    connectorId: null,
    runId: null,
    body: { id },
  });

  test('is listed, and goes back to the step that gave up', async () => {
    const { deadLetters } = made.engine;
    const dispatch = sampleDispatch(made.now);
    const runId = dispatch.runs[0]?.runId ?? '';
    await made.engine.runs.dispatch(dispatch);
    const letter = letterOf('execute-run', runId);
    await deadLetters.put(letter);
    expect(await deadLetters.get(letter.deadLetterId)).toEqual(letter);
    expect((await deadLetters.list({ limit: 10, cursor: null })).items).toEqual([letter]);
    await takeMessages(made.clients, made.resources.runQueueUrl);
    expect(await deadLetters.retry(letter.deadLetterId)).toBe(true);
    expect(await takeMessages(made.clients, made.resources.runQueueUrl)).toEqual([runId]);
    expect(await deadLetters.retry(letter.deadLetterId)).toBe(false);
  });
});
