import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { number } from './columns.ts';
import { Connection } from './connection.ts';
import { openTestStores, type TestStores } from './test-stores.ts';
import { positionAt, TimedPositions } from './timed-positions.ts';

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
