import { describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { useCommandTarget } from '../../../test/command-target.ts';
import { createdConnector, wireConnector } from '../../api/contract/index.ts';

const { run, text, json, make } = useCommandTarget();

describe('connectors', () => {
  test('are created with a secret, a URL and a request to copy', async () => {
    const made = await text('create', 'sync', '--agent', 'echo', '--name', 'copied');
    const secret = (await text('secret', 'copied')).trim();
    expect(secret.length).toBeGreaterThan(20);
    expect(made).toContain(secret);
    expect(made).toMatch(/Try it:\ncurl http:\/\/127\.0\.0\.1:\d+\/webhooks\/[0-9a-f-]+\/sync/);
  });

  test('whose senders sign are created with another request', async () => {
    const made = await text(
      'create',
      'sync',
      '--agent',
      'shout',
      '--name',
      "shop's",
      '--set',
      'auth.type=github',
    );
    expect(made).toContain("npx connectors send 'shop'\\''s'");
    expect(made).not.toContain('curl');
  });

  test('without agents say so in place of a request that would be refused', async () => {
    const made = await text('create', 'sync', '--name', 'nobody');
    expect(made).toContain('No agent is linked yet, so events are refused. Link one:');
    expect(made).toContain('npx connectors link nobody <agent>');
    expect(made).not.toContain('curl');
  });

  test('get a name of type, mode and agents where none is given', async () => {
    const made = await json(createdConnector, 'create', 'inbound', '--agent', 'echo', '--agent', 'shout');
    expect(made).toMatchObject({ name: 'webhook inbound for echo, shout', agents: ['echo', 'shout'] });
  });

  test('are listed and shown without a secret', async () => {
    const made = await make('shown', 'sync', ['echo']);
    const outputs = [
      await text('list'),
      await text('list', '--json'),
      await text('show', 'shown'),
      await text('show', made.id, '--json'),
    ];
    for (const output of outputs) {
      expect(output).toContain(made.id);
      expect(output).not.toContain(made.secret);
    }
  });

  test('are shown with what to set up at the sender, with their own URL', async () => {
    const made = await make('set-up', 'inbound', ['echo']);
    const shown = await text('show', 'set-up');
    expect(shown).toContain(
      `Set up at the provider\n\n1. At the sender, add a webhook with this URL: ${made.url}`,
    );
    expect(shown).toContain('add X-Connic-Secret with the value <secret>');
  });

  test('change their name and configuration, field by field', async () => {
    const set = ['--set', 'timeout_seconds=20'];
    const made = await json(createdConnector, 'create', 'sync', '--name', 'before', ...set);
    await text('change', 'before', '--name', 'after', '--set', 'auth.type=none');
    const changed = await json(wireConnector, 'show', 'after');
    expect(changed).toMatchObject({ id: made.id, config: { timeout_seconds: 20, auth: { type: 'none' } } });
  });

  test('are linked and unlinked', async () => {
    await make('links', 'inbound');
    expect(await json(wireConnector, 'link', 'links', 'echo', 'shout')).toMatchObject({
      agents: ['echo', 'shout'],
    });
    expect(await json(wireConnector, 'unlink', 'links', 'echo')).toMatchObject({ agents: ['shout'] });
  });

  test('rest while they are disabled', async () => {
    await make('resting', 'inbound', ['echo']);
    expect(await text('disable', 'resting')).toContain('disabled');
    const refused = await run('send', 'resting', 'Hello');
    expect(refused).toMatchObject({ exitCode: 1, stdout: '' });
    expect(refused.stderr).toContain('disabled');
    expect(await text('enable', 'resting')).toContain('idle: No events yet.');
    expect(await text('send', 'resting', 'Hello')).toContain('Accepted: 1 run.');
  });

  test('get a new secret, the old one valid or not', async () => {
    const made = await make('rotated', 'sync', ['echo']);
    const next = await json(z.object({ secret: z.string() }), 'rotate', 'rotated');
    expect(next.secret).not.toBe(made.secret);
    await text('send', 'rotated', '--secret', made.secret ?? '');
    await text('rotate', 'rotated', '--grace', '0');
    const refused = await run('send', 'rotated', '--secret', next.secret);
    expect(refused.exitCode).toBe(1);
  });

  test('are deleted only when that is confirmed', async () => {
    await make('unwanted', 'inbound');
    const asked = await run('delete', 'unwanted');
    expect(asked).toMatchObject({ exitCode: 2, stderr: 'error: Not a terminal; pass --yes to confirm.\n' });
    expect(await text('delete', 'unwanted', '--yes')).toBe('Deleted "unwanted".\n');
    expect((await run('show', 'unwanted')).exitCode).toBe(3);
  });

  test('have a name each: a second one of the name is refused, and a suggested name is free', async () => {
    await make('twin', 'inbound');
    const refused = await run('create', 'inbound', '--agent', 'echo', '--name', 'twin');
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toContain('A connector named "twin" already exists. Use another name.');
    await text('create', 'sync', '--agent', 'count');
    expect(await text('create', 'sync', '--agent', 'count')).toContain('webhook sync for count 2');
  });

  test('their types are described field by field', async () => {
    const types = await text('types');
    expect(types).toContain('webhook');
    expect(types).toMatch(/url \*/);
    expect(types).toMatch(/timeout_seconds +\S/);
    expect(types).toMatch(/auth\.type=github +\S/);
  });

  test('what was done to them is on record', async () => {
    const made = await make('recorded', 'inbound');
    await text('secret', 'recorded');
    const log = await text('audit-log', '--subject', made.id);
    expect(log).toContain('connector.created');
    expect(log).toContain('secret.shown');
  });
});
