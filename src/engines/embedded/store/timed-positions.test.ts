import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { openTestStores, type TestStores } from '../../../../test/embedded/test-stores.ts';
import { Connection, number, positionAt, TimedPositions } from './connection.ts';

describe('positions by time', () => {
  let opened: TestStores;
  let connection: Connection;
  beforeAll(async () => {
    opened = await openTestStores();
    connection = new Connection(path.join(opened.folder, 'engine.db'), 'write');
  });
  afterAll(async () => {
    connection.close();
    await opened.close();
  });

  const insertRows = (first: number, rows: number) =>
    connection
      .statement(`
        WITH RECURSIVE numbers (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers LIMIT ?2)
        INSERT INTO deliveries (position, delivery_id, run_id, agent_name, connector_id, status, attempts_in_schedule,
          created_at) SELECT ?1 + n, hex(randomblob(8)), '', '', '', 'delivered', 0, 0 FROM numbers`)
      .run(first, rows);

  test('are never used twice where milliseconds are full, and those of one request follow one another', () => {
    const step = fc.record({
      atMs: fc.integer({ min: 0, max: 6 }),
      rows: fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 5_000 })),
      restart: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 12 }), (steps) => {
        connection.execute('DELETE FROM deliveries');
        let positions = new TimedPositions(connection, 'deliveries');
        for (const { atMs, rows, restart } of steps) {
          if (restart) positions = new TimedPositions(connection, 'deliveries');
          const first = positions.next(atMs, rows);
          expect(first).toBeGreaterThanOrEqual(positionAt(atMs));
          expect(insertRows(first, rows)).toBe(rows);
        }
      }),
      { numRuns: 50 },
    );
  });

  test('go to the first room behind a full millisecond', () => {
    connection.execute('DELETE FROM deliveries');
    const [full, begun, later] = [1_000, 1_001, 1_050];
    insertRows(positionAt(full), positionAt(1));
    insertRows(positionAt(begun), 10);
    insertRows(positionAt(later), 1);
    const positions = new TimedPositions(connection, 'deliveries');
    expect(positions.next(full)).toBe(positionAt(begun) + 10);
    expect(positions.next(full)).toBe(positionAt(begun) + 11);
    expect(positions.next(full, 2_037)).toBe(positionAt(begun) + 12);
    expect(positions.next(later)).toBe(positionAt(later) + 1);
  });

  test('are never used twice and lie in the order of time, however the clock jumps and the process restarts', () => {
    const insert = connection.statement(`
      INSERT INTO deliveries (position, delivery_id, run_id, agent_name, connector_id, status, attempts_in_schedule,
        created_at) VALUES (?, hex(randomblob(8)), '', '', '', 'delivered', 0, ?)`);
    const step = fc.oneof(
      fc.record({ jumpMs: fc.integer({ min: -5, max: 5 }) }),
      fc.record({ jumpMs: fc.integer({ min: -1_000_000, max: 1_000_000 }) }),
      fc.constant('restart' as const),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
        connection.execute('DELETE FROM deliveries');
        let positions = new TimedPositions(connection, 'deliveries');
        let now = 1_795_000_000_000;
        for (const each of steps) {
          if (each === 'restart') positions = new TimedPositions(connection, 'deliveries');
          else now += each.jumpMs;
          insert.run(positions.next(now), now);
        }
        const times = connection
          .statement('SELECT created_at, position FROM deliveries ORDER BY position')
          .all();
        expect(times).toHaveLength(steps.length);
        for (const [index, row] of times.entries()) {
          const at = number(row, 'created_at');
          expect(number(row, 'position')).toBeGreaterThanOrEqual(positionAt(at));
          expect(number(row, 'position')).toBeLessThan(positionAt(at + 1));
          if (index > 0) expect(at).toBeGreaterThanOrEqual(number(times[index - 1] ?? {}, 'created_at'));
        }
      }),
    );
  });

  test('stay exact numbers in the year 2100', () => {
    expect(Number.isSafeInteger(positionAt(Date.UTC(2100, 0, 1)))).toBe(true);
  });
});
