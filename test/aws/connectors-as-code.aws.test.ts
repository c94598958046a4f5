import { rm } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  UpdateStackCommand,
  waitUntilStackCreateComplete,
  waitUntilStackDeleteComplete,
  waitUntilStackRollbackComplete,
} from '@aws-sdk/client-cloudformation';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { loadConnectorTypes } from '../../src/connectors/index.ts';
import { applyConnectors } from '../../src/core/code/apply-connectors.ts';
import { setSecret } from '../../src/core/code/named-secrets.ts';
import type { CodeDraft } from '../../src/core/code/plan.ts';
import type { Connector } from '../../src/core/connectors/connector.ts';
import { eachConnector } from '../../src/core/connectors/each-connector.ts';
import type { ConnectorChangeSet } from '../../src/core/ports/connector-changes.ts';
import type { Engine } from '../../src/core/ports/engine.ts';
import { someConnection } from '../conformance/samples.ts';
import { serveLocally } from '../local-server.ts';
import {
  type BundledFunction,
  startWrittenFunction,
  variablesOf,
  writeFunction,
} from './bundled-function.ts';
import { sampleConnector } from './samples.ts';
import { type TestEngine, testEngine } from './test-engine.ts';

const connectorTypes = await loadConnectorTypes();

let made: TestEngine;

beforeEach(async () => {
  made = await testEngine({ types: connectorTypes });
});

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

const hook = { mode: 'outbound', config: { url: 'https://hooks.example/results' } } as const;

async function names(engine: Engine): Promise<string[]> {
  const all = await Array.fromAsync(eachConnector(engine.connectors));
  return all.map(({ name }) => name).sort();
}

describe('an apply that is cut short', () => {
  /** An engine whose function ends at the `nth` write of a connector: nothing of it happens, nor what would follow. */
  const dyingAt = (nth: number): Engine => {
    let writes = 0;
    const die = () => {
      if (++writes >= nth) throw new Error('The function has ended.');
    };
    return made.another({
      loadTypes: (connectors) => ({
        ...connectors,
        async create(connector) {
          die();
          await connectors.create(connector);
        },
        async replace(connector) {
          die();
          return connectors.replace(connector);
        },
        async delete(connectorId) {
          die();
          return connectors.delete(connectorId);
        },
      }),
    });
  };

  test('is completed by the reconciler, once its writer can no longer be at work', async () => {
    await applyConnectors(made.engine, 'tester', [draft('a'), draft('b'), draft('c')]);
    const wanted = [
      draft('a', { agents: [] }),
      draft('b', { name: 'renamed' }),
      draft('d', { ...hook, config: { ...hook.config, authorization: 'Bearer d' } }),
    ];
    for (const nth of [1, 2, 3, 4]) {
      const before = await names(made.engine);
      await applyConnectors(
        dyingAt(nth),
        'tester',
        nth % 2 === 1 ? wanted : [draft('a'), draft('b'), draft('c')],
      );
      await made.engine.completeConnectorChanges();
      if (nth === 1) expect(await names(made.engine)).toEqual(before);
      made.now += 61_000;
      await made.engine.completeConnectorChanges();
      const after = nth % 2 === 1 ? ['a', 'd', 'renamed'] : ['a', 'b', 'c'];
      expect(await names(made.engine)).toEqual(after);
    }
    await applyConnectors(made.engine, 'tester', wanted);
    const { plan } = Object(await applyConnectors(made.engine, 'tester', wanted));
    expect(plan).toMatchObject({ steps: [], unchanged: 3 });
    const found = await Array.fromAsync(eachConnector(made.engine.connectors));
    const secret = found.find(({ name }) => name === 'd');
    expect((await made.engine.secrets.get(secret?.id ?? '')).config).toEqual({ authorization: 'Bearer d' });
  }, 120_000);

  test('stops others from changing connectors from code until it is completed', async () => {
    await applyConnectors(dyingAt(1), 'tester', [draft('a')]);
    await expect(applyConnectors(made.engine, 'tester', [draft('b')])).rejects.toThrow(
      'Other changes of connectors are in progress.',
    );
    made.now += 61_000;
    await made.engine.completeConnectorChanges();
    expect(await names(made.engine)).toEqual(['a']);
    expect((await applyConnectors(made.engine, 'tester', [draft('b')])).outcome).toBe('applied');
    expect(await names(made.engine)).toEqual(['b']);
  }, 60_000);

  test('keeps secrets that somebody rotates before it is completed, in connectors that are as wanted', async () => {
    const secret = (value: string) => ({ ...hook, config: { ...hook.config, authorization: value } });
    await applyConnectors(made.engine, 'tester', [draft('a', secret('one')), draft('b', secret('one'))]);
    await applyConnectors(dyingAt(3), 'tester', [
      draft('a', { ...secret('two'), agents: [] }),
      draft('b', { ...secret('two'), agents: [] }),
      draft('c', secret('two')),
    ]);
    const [one] = await Array.fromAsync(eachConnector(made.engine.connectors));
    await made.engine.secrets.change(one?.id ?? '', (kept) => ({
      ...kept,
      config: { authorization: 'rotated' },
    }));
    made.now += 61_000;
    await made.engine.completeConnectorChanges();
    const found = await Array.fromAsync(eachConnector(made.engine.connectors));
    const kept = await Promise.all(found.map(({ id }) => made.engine.secrets.get(id)));
    expect(kept.map(({ config }) => config['authorization']).sort()).toEqual(['rotated', 'two', 'two']);
    expect(await names(made.engine)).toEqual(['a', 'b', 'c']);
  }, 60_000);

  test('keeps what others have changed meanwhile and no file decides', async () => {
    await applyConnectors(made.engine, 'tester', [draft('a'), draft('b', hook)]);
    await applyConnectors(dyingAt(1), 'tester', [
      draft('a', { agents: [] }),
      draft('b', { ...hook, agents: [] }),
    ]);
    for await (const stored of eachConnector(made.engine.connectors)) {
      await made.engine.connectors.replace({ ...stored, failingSince: 7, version: stored.version + 1 });
    }
    made.now += 61_000;
    await made.engine.completeConnectorChanges();
    for await (const stored of eachConnector(made.engine.connectors)) {
      expect(stored).toMatchObject({ agents: [], failingSince: 7 });
    }
  }, 60_000);
});

describe('an apply', () => {
  const stored = async (fields: Partial<Connector> = {}): Promise<Connector> => {
    const connector = sampleConnector(made.now, { name: 'big', ...fields });
    await made.engine.connectorNames.claim(connector.name, connector.id, made.now);
    await made.engine.connectors.create(connector);
    return connector;
  };
  const changing = (before: Connector, fields: Partial<Connector>): ConnectorChangeSet => {
    const after = { ...before, ...fields, version: before.version + 1 };
    return { created: [], changed: [{ before, after, secrets: null }], removed: [], entries: [] };
  };
  const agents = (count: number, letter: string) =>
    Array.from({ length: count }, (_, index) => `${letter}-${index}`);

  test.each([
    [
      'would have more links than a connector can',
      agents(96, 'b'),
      {},
      'too-many-links',
      'The connector "big" has 96 links. It can have at most 95.',
    ],
    [
      'exchanges more links than one transaction takes',
      agents(50, 'b'),
      {},
      'too-many-links',
      'The connector "big" changes 100 links. At most 96 can change at once. Remove some agents first, and add the others after that.',
    ],
    [
      'is larger than a record can be',
      [],
      { text: 'a'.repeat(380_000) },
      'too-large',
      'The connector "big" is too large. A connector can be at most 380 KB, and so can its secrets. Shorten its configuration.',
    ],
  ])(
    'with a connector that %s changes nothing, nor stops the next',
    async (_, wanted, config, code, message) => {
      const [big, other] = [await stored({ agents: agents(50, 'a') }), await stored({ name: 'other' })];
      const changes = { ...changing(big, { agents: wanted, config }), removed: [other] };
      await expect(made.engine.connectorChanges.apply(changes)).rejects.toMatchObject({ code, message });
      expect(await made.engine.connectors.get(big.id)).toEqual(big);
      expect(await names(made.engine)).toEqual(['big', 'other']);
      const fitting = { ...changing(big, { agents: agents(40, 'b') }), removed: [other] };
      expect(await made.engine.connectorChanges.apply(fitting)).toBe('applied');
      expect(await names(made.engine)).toEqual(['big']);
    },
  );

  test('of a connector that others have given too many links meanwhile leaves that one as it is', async () => {
    const [big, other] = [await stored({ agents: [] }), await stored({ name: 'other' })];
    const { connectors } = made.engine;
    const late = made.another({
      loadTypes: (stored) => ({
        ...stored,
        async delete(connectorId) {
          const grown = { ...big, agents: agents(90, 'a'), version: big.version + 1 };
          await connectors.replace(grown);
          return stored.delete(connectorId);
        },
      }),
    });
    const changes = { ...changing(big, { agents: agents(50, 'b') }), removed: [other] };
    expect(await late.connectorChanges.apply(changes)).toBe('applied');
    expect((await connectors.get(big.id))?.agents).toHaveLength(90);
    await applyConnectors(made.engine, 'tester', [draft('a')]);
    expect(await names(made.engine)).toEqual(['a', 'big']);
  });

  test('leaves the secrets and the name of a connector whose connection changes at that moment', async () => {
    const { connections, connectors, connectorNames, secrets } = made.engine;
    const opened = someConnection();
    await connections.create(opened);
    const { id, name } = opened.connection;
    const before = await stored({ name: 'user' });
    const own = { current: null, previous: null, config: { password: 'own' } };
    await secrets.change(before.id, () => own);
    const used = { id, name, version: 1, fields: ['password'] };
    const unlucky = made.another({
      loadTypes: (stored) => ({
        ...stored,
        async replace(connector) {
          await connections.replace({ ...opened, connection: { ...opened.connection, version: 2 } });
          return stored.replace(connector);
        },
      }),
    });
    const { changed, ...rest } = changing(before, { name: 'renamed', connection: used });
    const changes = { ...rest, changed: changed.map((one) => ({ ...one, secrets: { password: 'new' } })) };
    expect(await unlucky.connectorChanges.apply(changes)).toBe('applied');
    expect(await connectors.get(before.id)).toEqual(before);
    expect(await secrets.get(before.id)).toEqual(own);
    expect(await connectorNames.claim('user', 'another', made.now)).toBe('taken');
    expect(await connectorNames.claim('renamed', 'another', made.now)).toBe('claimed');
  });
});

describe('the custom resource of a deployment', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await writeFunction('apply-connectors');
  });
  afterAll(() => rm(folder, { recursive: true }));

  let handler: BundledFunction;
  let told: unknown[];
  let cloudFormation: Awaited<ReturnType<typeof serveLocally>>;

  beforeEach(async () => {
    told = [];
    cloudFormation = await serveLocally(async (request, response) => {
      told.push(JSON.parse(await text(request)));
      response.end();
    });
    handler = await startWrittenFunction(folder, {
      ...variablesOf(made.resources),
      AWS_ENDPOINT_URL: process.env['AWS_ENDPOINT_URL'] ?? '',
    });
  });

  afterEach(() => Promise.all([handler.stop(), cloudFormation.stop()]));

  /** Answers CloudFormation in place of a resource that does nothing. */
  const succeed = async (event: Readonly<Record<string, string>>) => {
    const { ResponseURL = '', StackId, RequestId, LogicalResourceId } = event;
    const answer = { Status: 'SUCCESS', PhysicalResourceId: LogicalResourceId };
    const body = JSON.stringify({ ...answer, StackId, RequestId, LogicalResourceId });
    await fetch(ResponseURL, { method: 'PUT', body });
  };

  const request = (RequestType: string, connectors: readonly CodeDraft[]) =>
    handler.invoke({
      RequestType,
      ResponseURL: `${cloudFormation.url}/`,
      StackId: 's',
      RequestId: 'r',
      LogicalResourceId: 'ConnectorsAsCode',
      ResourceProperties: { ServiceToken: 'arn', Connectors: JSON.stringify(connectors) },
    });

  test('applies its connectors, those of the deployment before after a rollback, and leaves them at the end', async () => {
    await setSecret(made.engine, 'tester', 'token', 'Bearer x');
    const out = draft('out', { ...hook, config: { ...hook.config, authorization: { secret: 'token' } } });
    await request('Create', [draft('in'), out]);
    expect(await names(made.engine)).toEqual(['in', 'out']);
    await request('Update', [draft('in', { name: 'renamed' })]);
    expect(await names(made.engine)).toEqual(['renamed']);
    await request('Update', [draft('in'), out]);
    expect(await names(made.engine)).toEqual(['in', 'out']);
    await request('Delete', []);
    expect(await names(made.engine)).toEqual(['in', 'out']);
    expect(told).toMatchObject(Array.from({ length: 4 }, () => ({ Status: 'SUCCESS' })));
  }, 120_000);

  /** Passes the requests of CloudFormation on to the function, or fails where the template says so. */
  const forwarding = (url: string) => `exports.handler = async (event) => {
    const { ResponseURL, StackId, RequestId, LogicalResourceId, ResourceProperties } = event;
    if (ResourceProperties.Fails !== 'true')
      return void (await fetch('${url}', { method: 'POST', body: JSON.stringify(event) }));
    const answer = { Status: 'FAILED', Reason: 'As the test wants.', PhysicalResourceId: LogicalResourceId };
    await fetch(ResponseURL, {
      method: 'PUT',
      body: JSON.stringify({ ...answer, StackId, RequestId, LogicalResourceId }),
    });
  };`;

  /** A stack with the resource, and one behind it that may fail. */
  const templateOf = (url: string, connectors: readonly CodeDraft[], nextFails: boolean) => {
    const ServiceToken = { 'Fn::GetAtt': ['Forward', 'Arn'] };
    const Type = 'AWS::CloudFormation::CustomResource';
    return JSON.stringify({
      Resources: {
        Forward: {
          Type: 'AWS::Lambda::Function',
          Properties: {
            Runtime: 'nodejs24.x',
            Handler: 'index.handler',
            Role: 'arn:aws:iam::000000000000:role/forward',
            Timeout: 120,
            Code: { ZipFile: forwarding(url) },
          },
        },
        ConnectorsAsCode: { Type, Properties: { ServiceToken, Connectors: JSON.stringify(connectors) } },
        Next: {
          Type,
          DependsOn: 'ConnectorsAsCode',
          Properties: { ServiceToken, Fails: String(nextFails), Connectors: '[]' },
        },
      },
    });
  };

  test('restores the connectors when CloudFormation rolls a deployment back', async () => {
    await setSecret(made.engine, 'tester', 'token', 'Bearer x');
    const asked: string[] = [];
    const forwarded = await serveLocally(async (incoming, response) => {
      const event = JSON.parse(await text(incoming));
      if (event.LogicalResourceId === 'ConnectorsAsCode') {
        const { RequestType, ResourceProperties } = event;
        const keys = JSON.parse(ResourceProperties.Connectors).map(({ key }: CodeDraft) => key);
        asked.push(`${RequestType} ${keys.join()}`);
        await handler.invoke(event);
      } else await succeed(event);
      response.end();
    });
    const client = new CloudFormationClient({});
    const stack = { StackName: `connectors-${crypto.randomUUID()}` };
    const waiting = { client, maxWaitTime: 300, minDelay: 1, maxDelay: 1 };
    const out = draft('out', { ...hook, config: { ...hook.config, authorization: { secret: 'token' } } });
    try {
      const before = templateOf(forwarded.url, [draft('in'), out], false);
      await client.send(new CreateStackCommand({ ...stack, TemplateBody: before }));
      await waitUntilStackCreateComplete(waiting, stack);
      expect(await names(made.engine)).toEqual(['in', 'out']);
      const after = templateOf(forwarded.url, [draft('in', { name: 'renamed', agents: [] })], true);
      await client.send(new UpdateStackCommand({ ...stack, TemplateBody: after }));
      await waitUntilStackRollbackComplete(waiting, stack);
      expect(asked).toEqual(['Create in,out', 'Update in', 'Update in,out']);
      const found = await Array.fromAsync(eachConnector(made.engine.connectors));
      const inbound = found.find(({ name }) => name === 'in');
      expect(inbound).toMatchObject({ agents: ['echo'], code: { key: 'in' } });
      const outbound = found.find(({ name }) => name === 'out');
      const { config } = await made.engine.secrets.get(outbound?.id ?? '');
      expect(config).toEqual({ authorization: 'Bearer x' });
      expect(found).toHaveLength(2);
    } finally {
      await client.send(new DeleteStackCommand(stack));
      await waitUntilStackDeleteComplete(waiting, stack);
      await forwarded.stop();
    }
  }, 600_000);

  test('takes over filters, conditions of links, and what outbound connectors deliver', async () => {
    const filter = 'input.total > 100';
    const inbound = draft('in', { filter, agents: [{ name: 'echo', when: 'input.files' }] });
    await request('Create', [inbound, draft('out', { ...hook, delivery: 'code' })]);
    expect(told).toMatchObject([{ Status: 'SUCCESS' }]);
    const found = await Array.fromAsync(eachConnector(made.engine.connectors));
    expect(found.find(({ name }) => name === 'in')?.conditions).toEqual({
      filter,
      links: { echo: 'input.files' },
    });
    expect(found.find(({ name }) => name === 'out')?.byChoice?.by).toBe('code');
  }, 60_000);

  test('fails with every problem, by file and field, and changes nothing', async () => {
    await request('Create', [draft('in'), draft('out', { mode: 'outbound', agents: ['nobody'] })]);
    expect(told).toMatchObject([
      {
        Status: 'FAILED',
        Reason:
          'connectors/out.yaml: agents.0: There is no agent named "nobody".\nconnectors/out.yaml: config.url: Enter a full URL that begins with https://.',
      },
    ]);
    expect(await names(made.engine)).toEqual([]);
  }, 60_000);
});
