import { describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { useCommands, useCommandTarget } from '../../../test/command-target.ts';
import { apiKeyPage, createdApiKey } from '../../api/contract/index.ts';

const target = useCommandTarget();
const commands = useCommands();
const { run, text, json } = target;

/** Runs a command with the given API key. */
const as = (key: string, ...args: string[]) => commands(args, { ...target.env, CONNECTORS_TOKEN: key });

describe('API keys', () => {
  test('are said to be missing, and how to make one', async () => {
    expect(await text('api-keys', 'list')).toBe(
      'No API keys yet. Create one: npx connectors api-keys create <name>\n',
    );
  });

  test('are printed alone, so that they can go into a file', async () => {
    const { stdout, stderr } = await run('api-keys', 'create', 'ci');
    expect(stdout).toMatch(/^ackey_[\w-]{43}\n$/);
    expect(stderr).toBe(
      'API key "ci" (operator), no expiry. Save it now; it cannot be shown again.\n' +
        'Programs send it in the header "Authorization: Bearer <key>". Commands read it from CONNECTORS_TOKEN.\n',
    );
    expect((await as(stdout.trim(), 'create', 'inbound', '--agent', 'echo')).exitCode).toBe(0);
    expect(await text('audit-log')).toMatch(/ ci +connector\.created/);
  });

  test('are listed with role, use and end, never with the key', async () => {
    const made = await json(
      createdApiKey,
      'api-keys',
      'create',
      'board',
      '--role',
      'viewer',
      '--expires',
      '2d',
    );
    const list = await text('api-keys', 'list');
    expect(list).toMatch(/board +viewer +active until 20\S+ \S+ +never/);
    expect(list).toContain(made.begins_with);
    expect(list).not.toContain(made.key);
    const { items } = await json(apiKeyPage, 'api-keys', 'list', '--limit', '1');
    expect(items).toMatchObject([{ name: 'board', role: 'viewer', status: 'active' }]);
  });

  test('of viewers change nothing, and are told why', async () => {
    const { key } = await json(createdApiKey, 'api-keys', 'create', 'looker', '--role', 'viewer');
    expect((await as(key, 'list')).exitCode).toBe(0);
    expect(await as(key, 'create', 'inbound')).toMatchObject({
      exitCode: 1,
      stderr: 'error: Only operators can do this. Viewers can read everything except secrets and API keys.\n',
    });
  });

  test('are revoked by name when that is confirmed, and then refused with the reason', async () => {
    const { key } = await json(createdApiKey, 'api-keys', 'create', 'leaked');
    const asked = await run('api-keys', 'revoke', 'leaked');
    expect(asked).toMatchObject({ exitCode: 2, stderr: 'error: Not a terminal; pass --yes to confirm.\n' });
    expect(await text('api-keys', 'revoke', 'leaked', '--yes')).toBe('Revoked "leaked".\n');
    const refused = await as(key, 'list');
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toMatch(/^error: The API key "leaked" was revoked \(.+\); ask an operator/);
    expect(await text('api-keys', 'list')).toMatch(/leaked +operator +revoked/);
  });

  test('that are not there, or not any more, cannot be revoked', async () => {
    expect(await run('api-keys', 'revoke', 'nobody', '--yes')).toMatchObject({
      exitCode: 3,
      stderr: 'error: No API key named "nobody". List them with: npx connectors api-keys list\n',
    });
    await text('api-keys', 'create', 'twice');
    await text('api-keys', 'revoke', 'twice', '--yes');
    expect(await run('api-keys', 'revoke', 'twice', '--yes')).toMatchObject({
      exitCode: 3,
      stderr: 'error: The API key "twice" is already revoked.\n',
    });
    const again = await json(z.object({ id: z.string() }), 'api-keys', 'create', 'twice');
    const { stdout } = await run('api-keys', 'revoke', 'twice', '--yes', '--json');
    expect(JSON.parse(stdout)).toEqual({ id: again.id, revoked: true });
  });

  test('with a role, a time or a name that cannot be are refused', async () => {
    expect(await run('api-keys', 'create', 'x', '--role', 'king')).toMatchObject({ exitCode: 2 });
    expect((await run('api-keys', 'create', 'x', '--expires', 'soon')).stderr).toContain(
      'Expected a duration, such as 90s, 15m, 24h, or 7d.',
    );
    const taken = await run('api-keys', 'create', 'system');
    expect(taken.exitCode).toBe(1);
    expect(taken.stderr).toContain('is reserved: system');
  });
});
