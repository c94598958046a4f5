import { describe, expect, test } from '@jest/globals';
import { silentLog } from '../../../test/embedded/test-stores.ts';
import type { ChangeEvent } from '../../core/ports/run-signals.ts';
import { Changes } from './changes.ts';

const deleted: ChangeEvent = { type: 'connector.deleted', connectorId: 'c-1' };

describe('a change', () => {
  test('is read only while somebody watches', () => {
    const changes = new Changes(silentLog);
    let reads = 0;
    const change = () => {
      reads++;
      return deleted;
    };
    changes.publish(change);
    expect(reads).toBe(0);
    const seen: ChangeEvent[] = [];
    const leave = changes.watch((event) => seen.push(event));
    changes.publish(change);
    changes.publish(() => null);
    leave();
    changes.publish(change);
    expect([reads, seen]).toEqual([1, [deleted]]);
  });

  test('reaches every watcher, whatever another one makes of it', () => {
    const logged: unknown[] = [];
    const error = (event: string, fields: object) => logged.push({ event, ...fields });
    const changes = new Changes({ ...silentLog, error });
    const seen: ChangeEvent[] = [];
    changes.watch(() => {
      throw new Error('too much');
    });
    changes.watch((event) => seen.push(event));
    changes.publish(() => deleted);
    expect(seen).toEqual([deleted]);
    expect(logged).toEqual([{ event: 'watcher.failed', watched: 'connector.deleted', reason: 'too much' }]);
  });
});
