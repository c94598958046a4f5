import { mkdir, readdir, rename, rm, rmdir } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { silentLog, temporaryFolder } from '../../../../test/embedded/test-stores.ts';
import { Connection, number, text } from './connection.ts';
import { Database } from './database.ts';
import { migrate } from './migrations.ts';

describe('the database', () => {
  let folder: string;
  let file: string;
  let database: Database;
  let logged: unknown[];
  const log = { ...silentLog, error: (event: string, fields: object) => logged.push({ event, ...fields }) };

  beforeEach(async () => {
    folder = await temporaryFolder();
    file = path.join(folder, 'test.db');
    const connection = new Connection(file, 'write');
    migrate(connection);
    connection.close();
    logged = [];
    database = new Database(file, log);
  });
  afterEach(async () => {
    await database.close();
    await rm(folder, { recursive: true });
  });

  const note = (eventId: string) =>
    database.write('appendEvent', { eventId, connectorId: 'a', at: 1, event: 'tick.missed', detail: '' });
  const noted = () =>
    database
      .statement('SELECT event_id FROM connector_events ORDER BY position')
      .all()
      .map((row) => text(row, 'event_id'));

  test('reads only, but for what the writer does', () => {
    expect(() => database.statement('DELETE FROM connectors').run()).toThrow('The data folder is read-only.');
  });

  test('the writes of one tick share a transaction', async () => {
    await note('first');
    const version = () => number(database.statement('PRAGMA data_version').get() ?? {}, 'data_version');
    const before = version();
    await Promise.all(Array.from({ length: 100 }, (_, n) => note(String(n))));
    expect(noted()).toHaveLength(101);
    expect(version()).toBe(before + 1);
  });

  test('a write resolves with what it returned, after the commit', async () => {
    const letter = { deadLetterId: 'a', at: 1, source: 's', reason: 'r', connectorId: null, runId: null };
    const put = database.write('putDeadLetter', { ...letter, body: {} });
    expect(database.statement('SELECT * FROM dead_letters').all()).toEqual([]);
    await put;
    expect(database.statement('SELECT * FROM dead_letters').all()).toHaveLength(1);
    expect(await database.write('removeDeadLetter', 'a')).toBe(true);
    expect(await database.write('removeDeadLetter', 'a')).toBe(false);
  });

  test('a write that fails is undone and rejects alone', async () => {
    await database.write('retryDeadLetter', 'none');
    const delivery = { deliveryId: 'd', runId: 'r', agentName: 'a', connectorId: 'c', attemptsInSchedule: 0 };
    const pending = { ...delivery, status: 'pending', reason: null, nextAttemptAt: 1, createdAt: 1 } as const;
    const withoutColumn = { ...pending, deliveryId: 'e', connectorId: JSON.parse('null') };
    const writes = [
      note('before'),
      database.write('planDeliveries', 'r', [pending, withoutColumn]),
      note('after'),
    ];
    const outcomes = await Promise.allSettled(writes);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    await expect(writes[1]).rejects.toThrow('NOT NULL constraint failed: deliveries.connector_id');
    expect(noted()).toEqual(['before', 'after']);
    expect(database.statement('SELECT * FROM deliveries').all()).toEqual([]);
  });

  test('a writer that cannot start refuses what waits for it, and the next one does what comes then', async () => {
    await rename(file, `${file}.away`);
    await mkdir(file);
    const message = /^The writing of the database broke off: .*The database file cannot be opened\.$/;
    const refusal = { name: 'RetryableError', message: expect.stringMatching(message) };
    const writes = [note('first'), note('second')];
    await Promise.all(writes.map((write) => expect(write).rejects.toMatchObject(refusal)));
    expect(logged).toEqual([
      {
        event: 'writer.ended',
        reason: expect.stringContaining('The database file cannot be opened.'),
        unanswered_writes: 2,
      },
    ]);
    await rmdir(file);
    await rename(`${file}.away`, file);
    await note('third');
    expect(noted()).toEqual(['third']);
  });

  test.each([
    ['ends by itself', 'process.exit();', /^It ended by itself\.$/],
    [
      'gives an answer that cannot be read',
      `let deep = []; for (let n = 0; n < 8_000; n++) deep = [deep];
       parentPort.once('message', () => parentPort.postMessage(deep));`,
      /Maximum call stack size exceeded$/,
    ],
  ])('a writer that %s refuses what waits for it, and the operator reads why', async (_, code, reason) => {
    await database.close();
    const source = `import { parentPort } from 'node:worker_threads'; ${code}`;
    database = new Database(file, log, new URL(`data:text/javascript,${encodeURIComponent(source)}`));
    await expect(note('first')).rejects.toMatchObject({
      name: 'RetryableError',
      message: expect.stringMatching(/^The writing of the database broke off/),
    });
    const event = 'writer.ended';
    expect(logged).toEqual([{ event, reason: expect.stringMatching(reason), unanswered_writes: 1 }]);
  });

  test('what cannot cross to the writer is refused, and holds up nothing that comes later', async () => {
    const uncloneable = JSON.parse('0', () => () => 0);
    await expect(note(uncloneable)).rejects.toThrow(
      /^The writing of the database broke off: .* could not be cloned/,
    );
    await note('after');
    expect(noted()).toEqual(['after']);
  });

  test('leaves one file behind when it is closed', async () => {
    await note('last');
    await database.close();
    expect(await readdir(folder)).toEqual(['test.db']);
    expect(logged).toEqual([]);
  });

  test('what was asked for before the end is written, what comes later is refused', async () => {
    const write = note('before');
    const closed = database.close();
    await write;
    await closed;
    await expect(note('after')).rejects.toMatchObject({
      name: 'RetryableError',
      message: 'The engine has stopped.',
    });
    database = new Database(file, log);
    expect(noted()).toEqual(['before']);
  });
});
