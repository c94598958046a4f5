import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { silentLog, temporaryFolder } from '../../../../test/embedded/test-stores.ts';
import { loadSecretKey } from '../connectors/secret-key.ts';
import { createSecretStore } from '../connectors/secret-store.ts';
import { Connection } from './connection.ts';
import { openDataFolder } from './data-folder.ts';
import { Database } from './database.ts';
import { migrate } from './migrations.ts';
import { prepareDatabase } from './prepare-database.ts';

let folder: string;
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => rm(folder, { recursive: true }));

const thrownBy = (action: () => unknown) => {
  try {
    action();
  } catch (thrown) {
    return thrown;
  }
  return null;
};

/** A process that holds the folder until it is killed. */
async function holderOf(dataDir: string) {
  const script = `
    const { openDataFolder } = await import(${JSON.stringify(import.meta.resolve('./data-folder.ts'))});
    openDataFolder(${JSON.stringify(dataDir)});
    console.log('held');
    setInterval(() => {}, 1_000);`;
  const holder = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(holder.stdout, 'data');
  return holder;
}

describe('the data folder', () => {
  test('is made where it is missing, and closed to other users', () => {
    const opened = openDataFolder(path.join(folder, 'deep', 'data'));
    expect(statSync(opened.path).mode & 0o777).toBe(0o700);
    opened.release();
  });

  test('belongs to one opener at a time', () => {
    const first = openDataFolder(folder);
    expect(thrownBy(() => openDataFolder(folder))).toMatchObject({ code: 'data-folder-in-use' });
    first.release();
    openDataFolder(folder).release();
  });

  test('names the process that has it, and is free once that was killed', async () => {
    const holder = await holderOf(folder);
    expect(thrownBy(() => openDataFolder(folder))).toMatchObject({
      name: 'PermanentError',
      code: 'data-folder-in-use',
      message: expect.stringContaining(`in use by the process ${holder.pid}.`),
    });
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    openDataFolder(folder).release();
  });

  test('that cannot be written to is refused with its own sentence', () => {
    const file = path.join(import.meta.dirname, 'data-folder.ts');
    expect(thrownBy(() => openDataFolder(file))).toMatchObject({
      code: 'data-folder-not-writable',
      message: expect.stringContaining('Cannot write to the data folder'),
    });
  });

  test('that no folder can be made for is refused, and not tried for ever', () => {
    expect(thrownBy(() => openDataFolder('/proc/no-folder/data'))).toMatchObject({
      code: 'data-folder-not-writable',
      message: expect.stringContaining('Cannot write to the data folder /proc/no-folder/data: E'),
    });
  });

  test('from a newer version is refused and left as it is', () => {
    const file = path.join(folder, 'engine.db');
    const connection = new Connection(file, 'write');
    migrate(connection);
    connection.execute('PRAGMA user_version = 99');
    expect(thrownBy(() => migrate(connection))).toMatchObject({
      code: 'data-folder-newer',
      message: expect.stringContaining('newer version of the product'),
    });
    expect(connection.statement('PRAGMA user_version').get()).toEqual({ user_version: 99 });
    connection.close();
  });

  test('that was opened before keeps what is in it', () => {
    for (const expected of [0, 1]) {
      const connection = new Connection(path.join(folder, 'engine.db'), 'write');
      migrate(connection);
      expect(connection.statement('SELECT * FROM engine_state').all()).toHaveLength(expected);
      loadSecretKey(connection, path.join(folder, 'secret.key'), undefined);
      connection.close();
    }
  });
});

describe('a data folder that has lost its database', () => {
  const key = `${Buffer.alloc(32, 1).toString('base64')}\n`;
  const prepare = (files: Readonly<Record<string, string>>, env?: string) => {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      writeFileSync(path.join(folder, name), text);
    }
    const opened = openDataFolder(folder);
    try {
      return prepareDatabase(opened, env, 0);
    } finally {
      opened.release();
    }
  };

  test.each([
    ['an empty database beside a key', { 'engine.db': '', 'secret.key': key }, 'is empty'],
    ['an empty database beside payloads', { 'engine.db': '', 'payloads/ab/file': 'x' }, 'is empty'],
    ['no database beside payloads', { 'payloads/ab/file': 'x' }, 'is missing'],
  ])('is not taken for a new one: %s', (_, files, words) => {
    expect(thrownBy(() => prepare(files))).toMatchObject({
      name: 'PermanentError',
      code: 'database-emptied',
      message: expect.stringMatching(new RegExp(`${words}, but .*Restore a backup`)),
    });
    expect(statSync(path.join(folder, 'engine.db'), { throwIfNoEntry: false })?.size ?? 0).toBe(0);
  });

  test('is another matter than one whose first start broke off, with an empty file or two', () => {
    expect(prepare({ 'engine.db': '', 'secret.key': '' })).toHaveLength(32);
  });

  test('is another matter than one that was given its key beforehand', () => {
    expect(prepare({ 'secret.key': key })).toEqual(Buffer.alloc(32, 1));
  });
});

describe('the key of the secrets', () => {
  const keyA = Buffer.alloc(32, 1).toString('base64');
  const keyB = Buffer.alloc(32, 2).toString('base64');
  let connection: Connection;
  let keyFile: string;

  beforeEach(() => {
    connection = new Connection(path.join(folder, 'engine.db'), 'write');
    migrate(connection);
    keyFile = path.join(folder, 'secret.key');
  });
  afterEach(() => connection.close());

  test('is made at the first start, for its owner only, and used from then on', () => {
    const key = loadSecretKey(connection, keyFile, undefined);
    expect(statSync(keyFile).mode & 0o777).toBe(0o600);
    expect(loadSecretKey(connection, keyFile, undefined)).toEqual(key);
  });

  test('is created again where a crash has left an empty file of it, but not once secrets are sealed with it', () => {
    writeFileSync(keyFile, '');
    const key = loadSecretKey(connection, keyFile, undefined);
    expect(Buffer.from(readFileSync(keyFile, 'utf8'), 'base64')).toEqual(key);
    writeFileSync(keyFile, '');
    expect(thrownBy(() => loadSecretKey(connection, keyFile, undefined))).toMatchObject({
      code: 'secret-key-missing',
    });
  });

  test('comes from the environment where that has one, and no file is made', () => {
    expect(Buffer.from(loadSecretKey(connection, keyFile, keyA)).toString('base64')).toBe(keyA);
    expect(readdirSync(folder)).not.toContain('secret.key');
  });

  test.each([
    ['another key', 'secret-key-wrong', keyB],
    ['a text that is no key', 'secret-key-malformed', 'too short'],
    ['no key at all', 'secret-key-missing', undefined],
  ])('%s is refused: %s', (_, code, given) => {
    loadSecretKey(connection, keyFile, keyA);
    expect(thrownBy(() => loadSecretKey(connection, keyFile, given))).toMatchObject({
      name: 'PermanentError',
      code,
    });
  });

  test('keeps secrets out of the files, and binds each to its connector', async () => {
    const key = loadSecretKey(connection, keyFile, keyA);
    const database = new Database(path.join(folder, 'engine.db'), silentLog);
    const secrets = createSecretStore(database, key);
    await secrets.change('a', () => ({ current: 'a-very-secret-text', previous: null, config: {} }));
    connection.execute(`INSERT INTO secrets SELECT 'b', sealed FROM secrets WHERE connector_id = 'a'`);
    await expect(secrets.get('b')).rejects.toMatchObject({ code: 'secret-damaged' });
    await database.close();
    for (const name of readdirSync(folder)) {
      expect(readFileSync(path.join(folder, name), 'latin1')).not.toContain('a-very-secret-text');
    }
  });
});
