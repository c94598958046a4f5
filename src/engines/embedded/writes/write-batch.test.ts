import { rm } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { temporaryFolder } from '../../../../test/embedded/test-stores.ts';
import { Connection, number } from '../store/connection.ts';
import { migrate } from '../store/migrations.ts';
import { type WriteOperations, type WriteRequest, writeBatch, writeOperations } from './write-batch.ts';

describe('a batch of writes', () => {
  let folder: string;
  let connection: Connection;
  let operations: WriteOperations;

  beforeEach(async () => {
    folder = await temporaryFolder();
    connection = new Connection(path.join(folder, 'test.db'), 'write');
    migrate(connection);
    operations = writeOperations(connection);
  });
  afterEach(async () => {
    connection.close();
    await rm(folder, { recursive: true });
  });

  const session = (agentName: string, bytes: number): WriteRequest => [
    'saveSession',
    [agentName, 'key', 'x'.repeat(bytes), 1],
  ];
  const stored = () => connection.statement('SELECT agent_name FROM sessions ORDER BY agent_name').all();

  test('waits for the disk at every commit', () => {
    expect(connection.statement('PRAGMA synchronous').get()).toEqual({ synchronous: 2 });
    expect(connection.statement('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
  });

  test('on a full disk what does not fit is refused for a while, and it goes on afterwards', () => {
    const pages = number(connection.statement('PRAGMA page_count').get() ?? {}, 'page_count');
    connection.statement(`PRAGMA max_page_count = ${pages + 2}`).get();
    const reply = writeBatch(connection, operations, [session('large', 100_000), session('small', 10)]);
    expect(reply.failures).toEqual(
      new Map([
        [
          0,
          {
            message: 'The disk of the data folder is full.',
            stack: expect.any(String),
            retryAfterSeconds: 5,
          },
        ],
      ]),
    );
    expect(stored()).toEqual([{ agent_name: 'small' }]);

    connection.statement('PRAGMA max_page_count = 1000000').get();
    expect(writeBatch(connection, operations, [session('large', 100_000)]).failures).toBeNull();
    expect(stored()).toEqual([{ agent_name: 'large' }, { agent_name: 'small' }]);
  });
});
