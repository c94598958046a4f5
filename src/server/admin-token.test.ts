import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { authenticateAdmin, loadAdminToken, noteTokenUse } from './admin-token.ts';

let parent: string;

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'admin-token-'));
});

afterEach(() => rm(parent, { recursive: true, force: true }));

describe('the admin token', () => {
  test('is made at the first start, for nobody else to read, and stays the same', async () => {
    const dataDir = join(parent, 'data');
    const first = await loadAdminToken(dataDir, null);
    expect(first.isUnused).toBe(true);
    expect(first.token).toMatch(/^[\w-]{32}$/);
    expect((await stat(first.file ?? '')).mode & 0o777).toBe(0o600);
    expect((await stat(dataDir)).mode & 0o777).toBe(0o700);

    const second = await loadAdminToken(dataDir, null);
    expect(second).toEqual(first);
    await noteTokenUse(dataDir, first.token);
    expect(await loadAdminToken(dataDir, null)).toEqual({ ...first, isUnused: false });
  });

  test("is the operator's where they give one, and is then not stored", async () => {
    expect(await loadAdminToken(parent, 'mine')).toEqual({ token: 'mine', file: null, isUnused: false });
    await expect(readFile(join(parent, 'admin-token'))).rejects.toThrow('ENOENT');
  });

  test('is created again where its file is empty: an empty token would let everybody in', async () => {
    await writeFile(join(parent, 'admin-token'), '\n');
    expect((await loadAdminToken(parent, null)).token).not.toBe('');
  });

  test('is unused again where another one has been made', async () => {
    await noteTokenUse(parent, 'the one before');
    expect((await loadAdminToken(parent, null)).isUnused).toBe(true);
  });

  test('says which file it is that cannot be read', async () => {
    await mkdir(join(parent, 'admin-token'));
    await expect(loadAdminToken(parent, null)).rejects.toMatchObject({
      code: 'data-folder-unusable',
      message: `Cannot read or write the admin token in ${join(parent, 'admin-token')}.`,
    });
  });
});

describe('a caller', () => {
  const authenticate = authenticateAdmin('correct-token');

  test.each(['Bearer correct-token', 'bearer  correct-token'])('with "%s" is known', (authorization) => {
    expect(authenticate(authorization)).toEqual({ name: 'admin-token', role: 'operator' });
  });

  test.each([
    undefined,
    '',
    'correct-token',
    'Bearer',
    'Bearer ',
    'Bearer wrong-token',
    'Bearer correct-token-and-more',
    'Basic correct-token',
  ])('with "%s" is not', (authorization) => {
    expect(authenticate(authorization)).toBeNull();
  });

  test('is told of only where the token is right', () => {
    let uses = 0;
    const counted = authenticateAdmin('correct-token', () => uses++);
    counted('Bearer wrong-token');
    counted('Bearer correct-token');
    expect(uses).toBe(1);
  });

  test('is not let in by an empty token', () => {
    expect(authenticateAdmin('')('Bearer ')).toBeNull();
  });
});
