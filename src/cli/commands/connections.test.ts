import { describe, expect, test } from '@jest/globals';
import { useCommandTarget } from '../../../test/command-target.ts';
import { connectionPage, wireConnection, wireConnector } from '../../api/contract/index.ts';

const target = useCommandTarget();
const { run, text, json } = target;

const config = JSON.stringify({
  bootstrap_servers: '127.0.0.1:1',
  security_protocol: 'SASL_SSL',
  sasl_mechanism: 'PLAIN',
  username: 'agents',
  password: 'a-password-to-look-for',
});

describe('connections', () => {
  test('are said to be missing, and how to make one', async () => {
    expect(await text('connections', 'list')).toBe(
      'No connections yet. Create one: npx connectors connections create <name> --type <type>\n',
    );
  });

  test('have types with fields', async () => {
    const types = await text('connections', 'types');
    expect(types).toMatch(/^kafka {2}The address of a Kafka cluster/);
    expect(types).toContain('bootstrap_servers');
    expect(await text('types')).toContain('Uses connections of type kafka.');
  });

  test('are made, used by connectors, changed, tested and deleted', async () => {
    const create = ['connections', 'create', 'orders-kafka', '--type', 'kafka', '--config', config];
    expect(await text(...create)).toContain(
      'Test it:\nnpx connectors connections test orders-kafka\n\n' +
        'Use it in connectors (kafka):\n' +
        'npx connectors create <mode> --type kafka --agent <agent> --connection orders-kafka\n',
    );
    const made = await json(wireConnection, 'connections', 'show', 'orders-kafka');
    const draft = ['--type', 'kafka', '--name', 'results', '--set', 'topic=results'];
    await text('create', 'outbound', ...draft, '--connection', 'orders-kafka');
    const shown = await text('connections', 'show', 'orders-kafka');
    expect(shown).toMatch(/used by +results \(outbound\)\n/);
    expect(shown).toMatch(/secret fields +password\n/);
    expect(shown).not.toContain('to-look-for');
    expect(await text('show', 'results')).toMatch(
      /connection +orders-kafka \(bootstrap_servers, security_protocol, sasl_mechanism, username, password\)/,
    );

    const changed = ['connections', 'change', made.id, '--name', 'shop-kafka', '--set', 'username=clerks'];
    expect(await text(...changed)).toMatch(/name +shop-kafka\n/);
    expect(await text('connections', 'list', '--type', 'kafka')).toMatch(/shop-kafka +kafka +1 connector /);
    const { items } = await json(connectionPage, 'connections', 'list', '--limit', '1');
    expect(items).toMatchObject([{ config: { username: 'clerks' }, used_by: [{ name: 'results' }] }]);

    const tested = await run('connections', 'test', 'shop-kafka');
    expect(tested).toMatchObject({
      exitCode: 1,
      stdout: expect.stringMatching(/^failed: The /),
      stderr: 'error: The test failed.\n',
    });

    const used = await run('connections', 'delete', 'shop-kafka', '--yes');
    expect(used).toMatchObject({
      exitCode: 1,
      stderr:
        'error: The connection "shop-kafka" is used by "results". Give them another connection, or delete them first.\n',
    });
    const without = ['change', 'results', '--no-connection', '--set', 'bootstrap_servers=127.0.0.1:2'];
    expect(await json(wireConnector, ...without)).toMatchObject({ connection: null });
    expect(await json(wireConnector, 'change', 'results', '--connection', 'shop-kafka')).toMatchObject({
      connection: 'shop-kafka',
      config: { topic: 'results' },
    });
    await text('delete', 'results', '--yes');
    expect(await text('connections', 'delete', 'shop-kafka', '--yes')).toBe('Deleted "shop-kafka".\n');
  });

  test('that are not there, or not changed, are said to be so', async () => {
    expect(await run('connections', 'show', 'nobody')).toMatchObject({
      exitCode: 3,
      stderr: 'error: No connection named "nobody". List them with: npx connectors connections list\n',
    });
    expect(await run('connections', 'change', 'nobody')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('Nothing to change. Pass --name, --set, or --config.'),
    });
    const missing = await run('create', 'inbound', '--type', 'kafka', '--connection', 'none');
    expect(missing.stderr).toContain('connection: there is no connection named "none".');
  });
});
