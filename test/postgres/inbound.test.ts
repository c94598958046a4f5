import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { inboundConfigOf } from '../../src/connectors/postgres/config.ts';
import { readTable } from '../../src/connectors/postgres/read-table.ts';
import { nothingRead } from '../../src/connectors/postgres/table-cursor.ts';
import { type ProductProcess, startProduct } from '../product-process.ts';
import { eventually } from '../scenarios/eventually.ts';
import { killBetween } from '../scenarios/kill-between.ts';
import { operatorOf } from '../scenarios/operator.ts';
import * as wire from '../scenarios/wire.ts';
import { type DatabaseServer, databasePassword, startDatabase } from './database-server.ts';

const token = 'postgres-admin-token-8d41';
let database: DatabaseServer;
let product: ProductProcess;
beforeAll(async () => {
  const projectDir = join(import.meta.dirname, 'project');
  [database, product] = await Promise.all([
    startDatabase(),
    startProduct({ projectDir, token, env: { LOG_LEVEL: 'warn' } }),
  ]);
});
afterAll(async () => {
  await product?.remove();
  await database?.remove();
});

const operator = operatorOf({
  token,
  get baseUrl() {
    return product.url;
  },
});

const connection = () => ({
  host: '127.0.0.1',
  port: database.port,
  database: 'postgres',
  user: 'owner',
  password: databasePassword,
});

async function connect(config: Record<string, unknown>, agents = ['echo']): Promise<string> {
  const draft = {
    name: crypto.randomUUID(),
    type: 'postgres',
    mode: 'inbound',
    agents,
    config: { ...connection(), ...config },
  };
  const answer = await operator.call('POST', '/connectors', draft);
  if (answer.status !== 201) throw new Error(`Answered ${answer.status}: ${answer.text}`);
  return z.looseObject({ id: z.uuid() }).parse(answer.json).id;
}

const deadLetter = z.looseObject({ connector_id: z.string().nullable(), reason: z.string() });

const stateOf = async (id: string) => (await operator.call('GET', `/connectors/${id}/state`)).json;

async function running(id: string): Promise<string> {
  await eventually(`${id} to be connected`, async () => Object(await stateOf(id)).status === 'running');
  return id;
}

/** A connector that has looked at the table once, and looks again each second. */
const follow = async (config: Record<string, unknown>, agents?: string[]) =>
  running(await connect({ cursor_column: 'id', poll_seconds: 1, ...config }, agents));

async function payloads(id: string, count: number): Promise<Record<string, unknown>[]> {
  const runs = await eventually(`${count} ended runs of ${id}`, async () => {
    const found = await operator.all(wire.runSummary, `/runs?connector=${id}`);
    return found.length >= count && found.every(({ ended_at }) => ended_at !== null) && found;
  });
  const found = await Promise.all(runs.map(async ({ run_id }) => (await operator.run(run_id)).payload));
  return found.map((payload) => z.record(z.string(), z.json()).parse(payload));
}

const ids = async (id: string, count: number) =>
  (await payloads(id, count)).map((payload) => Number(payload['id'])).sort((one, other) => one - other);

describe('a table', () => {
  test('gives each new row to all agents, with its digits, and none that was there before', async () => {
    await database.query(
      'CREATE SCHEMA "my shop"; CREATE TABLE "my shop"."Or""ders" ("Id" bigint PRIMARY KEY, total numeric, tags jsonb, "select" text)',
    );
    await database.query('INSERT INTO "my shop"."Or""ders" VALUES (1, 1, null, null)');
    const id = await follow({ table: '"my shop"."Or""ders"', cursor_column: 'Id' }, ['echo', 'also']);
    await database.query(
      'INSERT INTO "my shop"."Or""ders" VALUES (9007199254740993, 12.50, \'{"a": [1]}\', \'x\')',
    );
    const found = await payloads(id, 2);
    expect(found).toHaveLength(2);
    const { text } = await operator.call('GET', `/runs?connector=${id}`);
    expect(z.looseObject({ items: z.array(z.unknown()) }).parse(JSON.parse(text)).items).toHaveLength(2);
    expect(found[0]).toMatchObject({
      total: 12.5,
      tags: { a: [1] },
      select: 'x',
      _postgres: { table: '"my shop"."Or""ders"', timestamp: expect.stringMatching(/Z$/) },
    });
    const run = (await operator.all(wire.runSummary, `/runs?connector=${id}`))[0]?.run_id;
    const raw = (await operator.call('GET', `/runs/${run}`)).text;
    expect(raw).toContain('9007199254740993');
    expect(raw).toContain('12.50');
  });

  test('gives the columns and the rows that the connector asks for', async () => {
    await database.query('CREATE TABLE filtered (id serial PRIMARY KEY, status text, secret text)');
    const id = await follow({
      table: 'filtered',
      columns: ['id', 'status'],
      where: "status = 'paid' -- only",
    });
    await database.query("INSERT INTO filtered (status, secret) VALUES ('open', 'a'), ('paid', 'b')");
    expect(await payloads(id, 1)).toEqual([
      { id: 2, status: 'paid', _postgres: { table: 'filtered', cursor: 2, timestamp: expect.any(String) } },
    ]);
  });

  test('gives rows whose transactions commit in another order than they took their values, each once', async () => {
    await database.query(
      'CREATE TABLE late (id serial PRIMARY KEY, created_at timestamptz DEFAULT now(), note text)',
    );
    const byId = await follow({ table: 'late' });
    const byTime = await follow({ table: 'late', cursor_column: 'created_at' });
    const [slow, slower, unwritten] = await Promise.all([
      database.connect(),
      database.connect(),
      database.connect(),
    ]);
    await slow.query("BEGIN; INSERT INTO late (note) VALUES ('slow')");
    await slower.query("BEGIN; INSERT INTO late (note) VALUES ('slower')");
    // Has its time, and has written nothing yet: it has no transaction id.
    await unwritten.query('BEGIN; SELECT now()');
    await database.query("INSERT INTO late (note) VALUES ('quick')");
    await ids(byId, 1);
    await ids(byTime, 1);
    await slow.query('COMMIT');
    await ids(byId, 2);
    await ids(byTime, 2);
    await unwritten.query("INSERT INTO late (note) VALUES ('unwritten'); COMMIT");
    await ids(byId, 3);
    await ids(byTime, 3);
    await database.query("UPDATE late SET note = note || '!' WHERE note <> 'slower'");
    await slower.query("PREPARE TRANSACTION 'slower'");
    await database.query("INSERT INTO late (note) VALUES ('after')");
    await ids(byId, 4);
    await database.query("COMMIT PREPARED 'slower'");
    expect(await ids(byId, 5)).toEqual([1, 2, 3, 4, 5]);
    expect(await ids(byTime, 5)).toEqual([1, 2, 3, 4, 5]);
    await Promise.all([slow.end(), slower.end(), unwritten.end()]);
  });

  test('gives rows of a subtransaction, and rows that were being written at the first look', async () => {
    await database.query('CREATE TABLE nested (id int PRIMARY KEY, note text)');
    await database.query("INSERT INTO nested VALUES (1, 'old')");
    const [oldest, slow, before] = await Promise.all([
      database.connect(),
      database.connect(),
      database.connect(),
    ]);
    // While it runs, everything that was written after it is read again.
    await oldest.query('BEGIN; SELECT txid_current()');
    await before.query("BEGIN; INSERT INTO nested VALUES (2, 'before')");
    await database.query("INSERT INTO nested VALUES (3, 'old')");
    const id = await follow({ table: 'nested' });
    await database.query("UPDATE nested SET note = 'updated' WHERE note = 'old'");
    await slow.query("BEGIN; SAVEPOINT one; INSERT INTO nested VALUES (5, 'nested'); RELEASE one");
    await before.query('COMMIT');
    expect(await ids(id, 1)).toEqual([2]);
    await database.query("INSERT INTO nested VALUES (6, 'quick')");
    expect(await ids(id, 2)).toEqual([2, 6]);
    await slow.query('COMMIT');
    expect(await ids(id, 3)).toEqual([2, 5, 6]);
    await oldest.query('COMMIT');
    await database.query("INSERT INTO nested VALUES (7, 'last')");
    expect(await ids(id, 4)).toEqual([2, 5, 6, 7]);
    await Promise.all([oldest.end(), slow.end(), before.end()]);
  });

  test('may be a view with many rows of one value', async () => {
    await database.query('CREATE TABLE viewed (id int, at timestamptz)');
    await database.query('CREATE VIEW seen AS SELECT * FROM viewed');
    const id = await follow({ table: 'seen', cursor_column: 'at' });
    await database.query('INSERT INTO viewed SELECT id, now() FROM generate_series(1, 350) AS id');
    expect(await ids(id, 350)).toEqual(Array.from({ length: 350 }, (_, index) => 1 + index));
  });

  test('without a primary key may have partitions', async () => {
    await database.query('CREATE TABLE parted (id int, at timestamptz) PARTITION BY HASH (id)');
    for (const rest of [0, 1]) {
      await database.query(
        `CREATE TABLE parted_${rest} PARTITION OF parted FOR VALUES WITH (MODULUS 2, REMAINDER ${rest})`,
      );
    }
    const id = await follow({ table: 'parted', cursor_column: 'at' });
    await database.query('INSERT INTO parted SELECT id, now() FROM generate_series(1, 20) AS id');
    expect(await ids(id, 20)).toEqual(Array.from({ length: 20 }, (_, index) => 1 + index));
  });

  test('loses none of the rows that many sessions insert at once, and starts no run twice', async () => {
    await database.query('CREATE TABLE busy (id serial PRIMARY KEY, at timestamptz)');
    const id = await follow({ table: 'busy' });
    const sessions = await Promise.all(Array.from({ length: 8 }, () => database.connect()));
    await Promise.all(
      sessions.map(async (session, which) => {
        for (let n = 0; n < 40; n++) {
          await session.query('BEGIN; INSERT INTO busy DEFAULT VALUES');
          await session.query('INSERT INTO busy (at) SELECT clock_timestamp() FROM generate_series(1, 2)');
          await session.query('SELECT pg_sleep($1)', [((which * 7 + n) % 9) / 100]);
          await session.query(n % 10 === 9 ? 'ROLLBACK' : 'COMMIT');
        }
        await session.end();
      }),
    );
    const expected = (await database.query('SELECT id FROM busy ORDER BY id')).map((row) => row['id']);
    expect(expected).toHaveLength(864);
    expect(await ids(id, 864)).toEqual(expected);
  });

  test('of a million rows is read from its end, by its index', async () => {
    await database.query(
      'CREATE TABLE large AS SELECT id, md5(id::text) AS text FROM generate_series(1, 1000000) AS id',
    );
    await database.query('ALTER TABLE large ADD PRIMARY KEY (id)');
    await database.query('ANALYZE large');
    const id = await follow({ table: 'large' });
    await database.query("INSERT INTO large SELECT id, 'new' FROM generate_series(1000001, 1000700) AS id");
    expect(await ids(id, 700)).toEqual(Array.from({ length: 700 }, (_, index) => 1_000_001 + index));
  });

  test('that gets 10,000 rows at once starts one run for each', async () => {
    await database.query('CREATE TABLE burst (id serial PRIMARY KEY)');
    const id = await follow({ table: 'burst' });
    await database.query('INSERT INTO burst SELECT generate_series(1, 10000)');
    const runs = await eventually('all runs', async () => {
      await sleep(2_000);
      const found = await operator.all(wire.runSummary, `/runs?connector=${id}`);
      return found.length >= 10_000 && found;
    });
    expect(runs).toHaveLength(10_000);
  });

  test('with rows that are too large says which, and gives those around them', async () => {
    await database.query('CREATE TABLE documents (id serial PRIMARY KEY, body text, facts jsonb)');
    const id = await follow({ table: 'documents' });
    const withoutBodies = await follow({ table: 'documents', columns: ['id'] });
    await database.query(
      `INSERT INTO documents (body, facts)
       SELECT CASE WHEN n IN (2, 5) THEN repeat('x', 20 << 20) WHEN n = 4 THEN repeat('x', 9 << 20) END,
         CASE n WHEN 3 THEN jsonb_build_object('notes', repeat('y', 20 << 20)) END
       FROM generate_series(1, 6) AS n`,
    );
    expect(await ids(withoutBodies, 6)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(await ids(id, 3)).toEqual([1, 4, 6]);
    await database.query('INSERT INTO documents DEFAULT VALUES');
    expect(await ids(id, 4)).toEqual([1, 4, 6, 7]);
    const letters = (await operator.all(deadLetter, '/dead-letters')).filter(
      ({ connector_id }) => connector_id === id,
    );
    const sentence = (key: number) =>
      `The row [${key}] of "documents" has 20 MB as JSON; a row can have 10 MB. Leave its large columns out with "columns".`;
    expect(letters.map(({ reason }) => reason).sort()).toEqual([2, 3, 5].map(sentence));
    expect(JSON.stringify(letters).length).toBeLessThan(10_000);
    expect(await stateOf(id)).toMatchObject({ status: 'running' });
  });

  test('with large rows is read in portions that fit into memory', async () => {
    await database.query('CREATE TABLE scans (id serial PRIMARY KEY, body text)');
    await database.query("INSERT INTO scans (body) SELECT repeat('x', 9 << 20) FROM generate_series(1, 7)");
    const config = inboundConfigOf({ ...connection(), table: 'scans', cursor_column: 'id' });
    const portions: number[] = [];
    let cursor = nothingRead(config);
    for (let more = true; more; ) {
      const session = await database.connect();
      const read = await readTable(session, config, cursor, Date.now());
      await session.end();
      portions.push(read.events.length);
      ({ cursor, more } = read);
    }
    expect(portions).toEqual([2, 2, 2, 1]);
  });

  test('of a process that is killed again and again loses no row, and starts no run twice', async () => {
    await database.query('CREATE TABLE killed (id serial PRIMARY KEY)');
    const id = await follow({ table: 'killed' });
    const kills = await killBetween(product, async () => {
      await database.query("INSERT INTO killed SELECT nextval('killed_id_seq') FROM generate_series(1, 30)");
    });
    expect(await ids(id, kills * 30)).toEqual(Array.from({ length: kills * 30 }, (_, index) => 1 + index));
  });

  test('on a server that crashes is told by the state, and read on when it is back', async () => {
    await database.query('CREATE TABLE crashed (id serial PRIMARY KEY)');
    const id = await follow({ table: 'crashed' });
    await database.query('INSERT INTO crashed DEFAULT VALUES');
    await ids(id, 1);
    await database.stop();
    const state = await eventually('the failure to be seen', async () => {
      const found = await stateOf(id);
      return Object(found).status === 'failing' && found;
    });
    expect(state).toMatchObject({ last_error: { message: 'The database server refused the connection.' } });
    await database.start();
    await database.query('INSERT INTO crashed DEFAULT VALUES');
    await ids(id, 2);
  });
});

describe('a channel', () => {
  test('gives each notification: fields of an object, data, or a message', async () => {
    const id = await running(await connect({ channel: 'Orders & more' }));
    const notify = (text: string) => database.query('SELECT pg_notify($1, $2)', ['Orders & more', text]);
    await notify('{"id": 1, "total": 12.50}');
    await notify('[1, 2]');
    await notify('shipped');
    const found = await payloads(id, 3);
    const facts = {
      channel: 'Orders & more',
      pid: expect.any(Number),
      timestamp: expect.stringMatching(/Z$/),
    };
    expect(found).toEqual(
      expect.arrayContaining([
        { id: 1, total: 12.5, _postgres: facts },
        { data: [1, 2], _postgres: facts },
        { message: 'shipped', _postgres: facts },
      ]),
    );
  });

  test('is listened to again after its connection broke off, which the history tells', async () => {
    const id = await running(await connect({ channel: 'broken' }));
    await database.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'agent-connectors' AND query LIKE 'LISTEN%broken%'",
    );
    await eventually('a notification to arrive', async () => {
      await database.query("NOTIFY broken, 'again'");
      return (await operator.all(wire.runSummary, `/runs?connector=${id}`)).length > 0;
    });
    const history = await operator.all(
      z.looseObject({ event: z.string(), detail: z.string() }),
      `/connectors/${id}/history`,
    );
    expect(history.find(({ event }) => event === 'source.failing')?.detail).toMatch(
      /Notifications that are sent while it is not connected are lost\.$/,
    );
  });

  test('takes a burst of 2,000 notifications of one transaction', async () => {
    const id = await running(await connect({ channel: 'burst' }));
    await database.query("SELECT count(pg_notify('burst', n::text)) FROM generate_series(1, 2000) AS n");
    await eventually('all runs', async () => {
      const found = await operator.all(wire.runSummary, `/runs?connector=${id}`);
      return found.length === 2_000;
    });
  });
});

describe('a connection test', () => {
  const probe = async (config: Record<string, unknown>) => {
    const body = { mode: 'inbound', config: { ...connection(), ...config } };
    const answer = await operator.call('POST', '/connector-types/postgres/test', body);
    expect(answer.text).not.toContain(databasePassword);
    return answer.json;
  };
  beforeAll(() =>
    database.query(
      'CREATE TABLE probed (id serial PRIMARY KEY, total numeric); INSERT INTO probed (total) VALUES (2)',
    ),
  );

  test.each(['disable', 'prefer', 'require', 'verify-full'])(
    'reads the table with ssl_mode %s',
    async (mode) => {
      const tls = { ssl_mode: mode, host: 'localhost', ca_certificate: database.caCertificate };
      expect(await probe({ ...tls, table: 'probed', cursor_column: 'id', where: 'total > 1' })).toMatchObject(
        {
          ok: true,
          detail:
            'The table probed can be read: id is of type integer, and the table has the primary key "id".',
        },
      );
    },
  );

  test.each([
    [
      'a wrong password',
      { password: 'wrong' },
      /^PostgreSQL said: password authentication failed .*\(28P01\)\.$/,
    ],
    ['a missing table', { table: 'nowhere' }, /^There is no table nowhere that the user may see\.$/],
    ['a missing column', { cursor_column: 'when' }, /^The table probed has no column when\.$/],
    [
      'a condition about another column',
      { where: 'price > 1' },
      /^PostgreSQL said: column "price" does not exist/,
    ],
    ['a certificate that nobody vouches for', { ssl_mode: 'verify-full' }, /^The TLS connection .* failed/],
    [
      'a condition that changes something',
      { where: "nextval('probed_id_seq') > 0" },
      /read-only transaction/,
    ],
  ])('says what is wrong: %s', async (_what, config, error) => {
    expect(await probe({ host: 'localhost', table: 'probed', cursor_column: 'id', ...config })).toMatchObject(
      {
        ok: false,
        error: expect.stringMatching(error),
      },
    );
  });

  test('and a creation or a change refuse a condition that is more than one expression', async () => {
    const refused = {
      problems: [{ field: 'config.where', message: expect.stringMatching(/^must be one SQL expression/) }],
    };
    const table = { table: 'probed', cursor_column: 'id' };
    const where = 'true) OR (true';
    expect(await probe({ ...table, where })).toMatchObject(refused);
    const config = { ...connection(), ...table };
    const draft = {
      name: 'x',
      type: 'postgres',
      mode: 'inbound',
      agents: ['echo'],
      config: { ...config, where },
    };
    expect((await operator.call('POST', '/connectors', draft)).json).toMatchObject(refused);
    const id = await connect(table);
    expect((await operator.call('PATCH', `/connectors/${id}`, { config: { where } })).json).toMatchObject(
      refused,
    );
  });
});
