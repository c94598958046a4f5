import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { connectorTypes } from '../../src/connectors/index.ts';
import { applyConnectors } from '../../src/core/code/apply-connectors.ts';
import { setSecret } from '../../src/core/code/named-secrets.ts';
import type { CodeDraft } from '../../src/core/code/plan.ts';
import { eachConnector } from '../../src/core/connectors/each-connector.ts';
import type { Engine } from '../../src/core/ports/engine.ts';
import { serveLocally } from '../local-server.ts';
import { type BundledFunction, startBundledFunction } from './bundled-function.ts';
import { type TestEngine, testEngine } from './test-engine.ts';

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
      'Other changes of connectors are being made.',
    );
    made.now += 61_000;
    await made.engine.completeConnectorChanges();
    expect(await names(made.engine)).toEqual(['a']);
    expect((await applyConnectors(made.engine, 'tester', [draft('b')])).outcome).toBe('applied');
    expect(await names(made.engine)).toEqual(['b']);
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

describe('the custom resource of a deployment', () => {
  let handler: BundledFunction;
  let told: unknown[];
  let cloudFormation: Awaited<ReturnType<typeof serveLocally>>;

  beforeEach(async () => {
    told = [];
    cloudFormation = await serveLocally(async (request, response) => {
      told.push(JSON.parse(await text(request)));
      response.end();
    });
    handler = await startBundledFunction(
      'apply-connectors',
      made.resources,
      process.env['AWS_ENDPOINT_URL'] ?? '',
    );
  });

  afterEach(() => Promise.all([handler.stop(), cloudFormation.stop()]));

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

  test('takes over filters and conditions of links', async () => {
    const filter = 'input.total > 100';
    await request('Create', [draft('in', { filter, agents: [{ name: 'echo', when: 'input.files' }] })]);
    expect(told).toMatchObject([{ Status: 'SUCCESS' }]);
    const [connector] = await Array.fromAsync(eachConnector(made.engine.connectors));
    expect(connector?.conditions).toEqual({ filter, links: { echo: 'input.files' } });
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
