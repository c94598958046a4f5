import { GetSecretValueCommand, PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { takeMessages } from '../../../test/aws/queue-messages.ts';
import { newId, sampleConnector, sampleDispatch } from '../../../test/aws/samples.ts';
import { type TestEngine, testEngine } from '../../../test/aws/test-engine.ts';
import { secretsKey } from './keys.ts';

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

  test('are found by the agents that they link to, in order of creation', async () => {
    const { connectors } = made.engine;
    const agent = 'linked-agent';
    const [late, early] = [
      sampleConnector(made.now + 1_000, { agents: [agent, 'other-agent'] }),
      sampleConnector(made.now, { agents: ['other-agent'] }),
    ];
    await connectors.create(late);
    await connectors.create(early);
    expect(await connectors.linkedTo(agent)).toEqual([late]);
    const linked = { ...early, agents: ['other-agent', agent], version: 2 };
    await connectors.replace(linked);
    expect(await connectors.linkedTo(agent)).toEqual([linked, late]);
    await connectors.replace({ ...linked, agents: [], version: 3 });
    expect(await connectors.linkedTo('other-agent')).toEqual([late]);
    expect(await connectors.delete(late.id)).toBe('deleted');
    expect(await connectors.delete(late.id)).toBe('missing');
    expect(await connectors.linkedTo(agent)).toEqual([]);
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

  test('are listed newest first, by type and mode', async () => {
    const { engine } = await testEngine();
    const stored = ['inbound', 'outbound', 'inbound', 'sync'] as const;
    const connectors = stored.map((mode, index) =>
      sampleConnector(made.now + index, { mode, type: `t${index % 2}` }),
    );
    for (const connector of connectors) await engine.connectors.create(connector);
    const names = async (filter: { type?: string; mode?: 'inbound' }) =>
      (await engine.connectors.list({ limit: 10, cursor: null, ...filter })).items.map(
        ({ createdAt }) => createdAt - made.now,
      );
    expect(await names({})).toEqual([3, 2, 1, 0]);
    expect(await names({ mode: 'inbound' })).toEqual([2, 0]);
    expect(await names({ type: 't1' })).toEqual([3, 1]);
    const page = await engine.connectors.list({ limit: 3, cursor: null });
    expect((await engine.connectors.list({ limit: 3, cursor: page.nextCursor })).items).toEqual([
      connectors[0],
    ]);
  });

  test('are remembered for as long as the engine is told, and not beyond', async () => {
    const busy = made.another({ cacheMs: 2_000 });
    const connector = sampleConnector(made.now);
    expect(await busy.connectors.get(connector.id)).toBeNull();
    await made.engine.connectors.create(connector);
    expect(await busy.connectors.get(connector.id)).toEqual(connector);
    const changed = { ...connector, enabled: false, version: 2 };
    await made.engine.connectors.replace(changed);
    expect(await busy.connectors.get(connector.id)).toEqual(connector);
    made.now += 2_000;
    expect(await busy.connectors.get(connector.id)).toEqual(changed);
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
    await made.engine.secrets.put(id, secrets);
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
    await fresh.engine.secrets.put(before, secrets);
    const { keySecretId: SecretId } = fresh.resources;
    const manager = await fresh.clients.secrets();
    const { SecretString: text } = await manager.send(new GetSecretValueCommand({ SecretId }));
    const rotated = { key: 'k'.repeat(40), previous: [JSON.parse(text ?? '').key] };
    await manager.send(new PutSecretValueCommand({ SecretId, SecretString: JSON.stringify(rotated) }));
    const rotatedEngine = fresh.another();
    await rotatedEngine.secrets.put(after, secrets);
    expect(await rotatedEngine.secrets.get(before)).toEqual(secrets);
    expect(await fresh.engine.secrets.get(after)).toEqual(secrets);
  });

  test('moved to another connector cannot be opened', async () => {
    const [mine, yours] = [newId(made.now), newId(made.now)];
    await made.engine.secrets.put(mine, secrets);
    const { tableName: TableName } = made.resources;
    const { Item: item } = await made.clients.dynamo.send(
      new GetCommand({ TableName, Key: secretsKey(mine) }),
    );
    await made.clients.dynamo.send(new PutCommand({ TableName, Item: { ...item, ...secretsKey(yours) } }));
    await expect(made.engine.secrets.get(yours)).rejects.toThrow();
  });
});

describe('sessions', () => {
  test('are kept per agent and key until they expire', async () => {
    const { sessions } = made.engine;
    const messages = [{ role: 'user', content: 'Hello' }];
    expect(await sessions.load('echo', 'customer-1', made.now)).toEqual([]);
    await sessions.save('echo', 'customer-1', messages, made.now + 1_000);
    expect(await sessions.load('echo', 'customer-1', made.now + 999)).toEqual(messages);
    expect(await sessions.load('other', 'customer-1', made.now)).toEqual([]);
    expect(await sessions.load('echo', 'customer-1', made.now + 1_000)).toEqual([]);
  });
});

describe('the audit log', () => {
  test('is listed newest first, and by subject', async () => {
    const { audit } = made.engine;
    const entries = ['a', 'b', 'a', 'c'].map((subject, index) => ({
      entryId: newId(made.now + index),
      at: made.now + index,
      actor: 'admin-token',
      action: 'connector.created',
      subject,
      detail: null,
    }));
    for (const entry of entries) await audit.append(entry);
    expect((await audit.list({ limit: 10, cursor: null })).items).toEqual([...entries].reverse());
    const ofA = await audit.list({ limit: 1, cursor: null, subject: 'a' });
    expect(ofA.items).toEqual([entries[2]]);
    expect((await audit.list({ limit: 1, cursor: ofA.nextCursor, subject: 'a' })).items).toEqual([
      entries[0],
    ]);
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

  test('of a source that takes nothing back is refused and kept', async () => {
    const { deadLetters } = made.engine;
    const letter = letterOf('somewhere', 'x');
    await deadLetters.put(letter);
    await expect(deadLetters.retry(letter.deadLetterId)).rejects.toMatchObject({ code: 'not-retryable' });
    expect(await deadLetters.get(letter.deadLetterId)).toEqual(letter);
  });
});
