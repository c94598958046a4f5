import { rm } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { number } from './columns.ts';
import { Database, type Statement } from './database.ts';
import { temporaryFolder } from './test-stores.ts';

describe('the database', () => {
  let folder: string;
  let database: Database;
  let insert: Statement;
  const stored = () =>
    database
      .statement('SELECT n FROM numbers ORDER BY n')
      .all()
      .map((row) => number(row, 'n'));

  beforeEach(async () => {
    folder = await temporaryFolder();
    database = new Database(path.join(folder, 'test.db'));
    database.change((connection) => connection.exec('CREATE TABLE numbers (n INTEGER PRIMARY KEY) STRICT'));
    insert = database.statement('INSERT INTO numbers (n) VALUES (?)');
  });
  afterEach(async () => {
    database.close();
    await rm(folder, { recursive: true });
  });

  test('waits for the disk at every commit', () => {
    expect(database.statement('PRAGMA synchronous').get()).toEqual({ synchronous: 2 });
    expect(database.statement('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
  });

  test('the writes of one tick share a transaction', async () => {
    const other = new Database(path.join(folder, 'test.db'));
    const version = () => number(other.statement('PRAGMA data_version').get() ?? {}, 'data_version');
    const before = version();
    await Promise.all(Array.from({ length: 100 }, (_, n) => database.write(() => insert.run(n))));
    expect(stored()).toHaveLength(100);
    expect(version()).toBe(before + 1);
    other.close();
  });

  test('a write resolves with what it returned, after the commit', async () => {
    const seenByOthers = () => {
      const other = new Database(path.join(folder, 'test.db'));
      const rows = other.statement('SELECT n FROM numbers').all().length;
      other.close();
      return rows;
    };
    const write = database.write(() => insert.run(1));
    expect(seenByOthers()).toBe(0);
    expect(await write).toBe(1);
    expect(seenByOthers()).toBe(1);
  });

  test('a write that fails is undone and rejects alone', async () => {
    const writes = [
      database.write(() => insert.run(1)),
      database.write(() => {
        insert.run(2);
        throw new Error('half-way');
      }),
      database.write(() => insert.run(3)),
    ];
    const outcomes = await Promise.allSettled(writes);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    await expect(writes[1]).rejects.toThrow('half-way');
    expect(stored()).toEqual([1, 3]);
  });

  test('on a full disk every write is refused for a while, none is half-done, and it goes on afterwards', async () => {
    const text = database.statement('SELECT page_count FROM pragma_page_count');
    const pages = number(text.get() ?? {}, 'page_count');
    database.statement(`PRAGMA max_page_count = ${pages + 2}`).get();
    const many = () => {
      for (let n = 0; n < 10_000; n++) insert.run(n);
    };
    const outcomes = await Promise.allSettled([database.write(many), database.write(() => insert.run(-1))]);
    expect(outcomes[0]).toMatchObject({
      status: 'rejected',
      reason: {
        name: 'RetryableError',
        message: 'The disk of the data folder is full.',
        retryAfterSeconds: 5,
      },
    });
    expect(outcomes[1]?.status).toBe('fulfilled');
    expect(stored()).toEqual([-1]);

    database.statement('PRAGMA max_page_count = 1000000').get();
    await database.write(many);
    expect(stored()).toHaveLength(10_001);
  });

  test('what was asked for before the end is written, what comes later is refused', async () => {
    const write = database.write(() => insert.run(1));
    database.close();
    expect(await write).toBe(1);
    await expect(database.write(() => insert.run(2))).rejects.toMatchObject({ name: 'RetryableError' });
  });
});
