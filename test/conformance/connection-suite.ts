import { describe, expect, test } from '@jest/globals';
import type { OpenConnection } from '../../src/core/connections/named-connection.ts';
import { freshPorts, type OpenPorts } from './ports-under-test.ts';
import { noon, someConnection, someConnector } from './samples.ts';

/** Named connections, and the connectors that use them. */
export function describeConnections(open: OpenPorts): void {
  describe('connections', () => {
    const ports = freshPorts(open);

    test('are kept as they are, with their secrets, and found by id and by name', async () => {
      const { connections } = ports();
      const opened = someConnection();
      expect(await connections.create(opened)).toBe('created');
      expect(await connections.get(opened.connection.id)).toEqual(opened);
      expect(await connections.find(opened.connection.name)).toEqual(opened);
      expect(await connections.get('unknown')).toBeNull();
      expect(await connections.find('unknown')).toBeNull();
    });

    test('have a name each, which is free again once a connection is renamed or deleted', async () => {
      const { connections } = ports();
      const [one, other] = [someConnection(), someConnection()];
      const created = await Promise.all([one, other].map((opened) => connections.create(opened)));
      expect(created.toSorted()).toEqual(['created', 'name-taken']);
      const [held, free] = created[0] === 'created' ? [one, other] : [other, one];
      expect(await connections.get(free.connection.id)).toBeNull();
      expect(await connections.replace(changed(held, { name: 'stock' }))).toBe('replaced');
      expect(await connections.create(free)).toBe('created');
      expect(await connections.replace(changed(free, { name: 'stock' }))).toBe('name-taken');
      expect(await connections.find('stock')).toEqual(changed(held, { name: 'stock' }));
      expect(await connections.delete(held.connection.id)).toBe('deleted');
      expect(await connections.delete(held.connection.id)).toBe('missing');
      expect(await connections.find('stock')).toBeNull();
      expect(await connections.replace(changed(free, { name: 'stock' }))).toBe('replaced');
    });

    test('are replaced only by who has read the last version', async () => {
      const { connections } = ports();
      const opened = someConnection();
      await connections.create(opened);
      const changes = ['one', 'two'].map((password) => ({ ...changed(opened, {}), secrets: { password } }));
      const outcomes = await Promise.all(changes.map((change) => connections.replace(change)));
      expect(outcomes.toSorted()).toEqual(['changed-meanwhile', 'replaced']);
      const password = outcomes[0] === 'replaced' ? 'one' : 'two';
      expect((await connections.get(opened.connection.id))?.secrets).toEqual({ password });
      expect(await connections.replace(changed(someConnection(), {}))).toBe('missing');
    });

    test('are pending until their last version is settled', async () => {
      const { connections } = ports();
      const opened = someConnection();
      const { id } = opened.connection;
      await connections.create(opened);
      expect(await connections.pending()).toEqual([]);
      const second = changed(opened, { isPending: true });
      await connections.replace(second);
      expect(await connections.pending()).toEqual([id]);
      await connections.settle(id, 1);
      expect(await connections.pending()).toEqual([id]);
      await connections.settle(id, 2);
      expect(await connections.pending()).toEqual([]);
      expect((await connections.get(id))?.connection).toEqual({ ...second.connection, isPending: false });
    });

    test('are listed newest first, by kind', async () => {
      const { connections } = ports();
      const named = (name: string, kind: string, createdAt: number) =>
        someConnection({ name, kind, createdAt });
      const opened = [named('a', 'kafka', noon), named('b', 'aws', noon + 1), named('c', 'kafka', noon + 2)];
      for (const each of opened) await connections.create(each);
      const [a, b, c] = opened.map(({ connection }) => connection);
      const first = await connections.list({ limit: 2, cursor: null });
      expect(first.items).toEqual([c, b]);
      const second = await connections.list({ limit: 2, cursor: first.nextCursor });
      expect(second).toEqual({ items: [a], nextCursor: null });
      expect((await connections.list({ limit: 9, cursor: null, kind: 'kafka' })).items).toEqual([c, a]);
    });

    test('are used by connectors until these are changed or deleted, and not deleted before', async () => {
      const { connections, connectors } = ports();
      const opened = someConnection();
      const { id } = opened.connection;
      await connections.create(opened);
      const a = someConnector({ connection: usedOf(opened), createdAt: noon });
      const b = someConnector({ connection: usedOf(opened), createdAt: noon + 1 });
      for (const connector of [a, b]) await connectors.create(connector);
      expect(await connectors.using(id)).toEqual([a, b]);
      expect(await connections.delete(id)).toBe('used');
      const changedA = { ...a, connection: null, version: 2 };
      expect(await connectors.replace(changedA)).toBe('replaced');
      expect(await connectors.using(id)).toEqual([b]);
      expect(await connections.delete(id)).toBe('used');
      await connectors.delete(b.id);
      expect(await connectors.using(id)).toEqual([]);
      expect(await connections.delete(id)).toBe('deleted');
      expect(await connectors.get(a.id)).toEqual(changedA);
    });

    test('give connectors only their last version; what a connector has stays valid', async () => {
      const { connections, connectors } = ports();
      const opened = someConnection();
      await connections.create(opened);
      const connector = someConnector({ connection: usedOf(opened) });
      await connectors.create(connector);
      await connections.replace(changed(opened, { isPending: true }));
      const late = someConnector({ connection: usedOf(opened) });
      await expect(connectors.create(late)).rejects.toThrow(
        'The connection "orders" was changed at the same moment. Try again.',
      );
      expect(await connectors.get(late.id)).toBeNull();
      const renamed = { ...connector, name: 'Renamed', version: 2 };
      expect(await connectors.replace(renamed)).toBe('replaced');
      const other = someConnector();
      await connectors.create(other);
      const taking = { ...other, connection: usedOf(opened), version: 2 };
      expect(await connectors.replace(taking)).toBe('changed-meanwhile');
      const current = { ...usedOf(opened), version: 2 };
      expect(await connectors.replace({ ...taking, connection: current })).toBe('replaced');
      expect(await connectors.replace({ ...renamed, connection: current, version: 3 })).toBe('replaced');
    });
  });
}

/** The connection after one more change. */
function changed(
  { connection, secrets }: OpenConnection,
  change: Partial<OpenConnection['connection']>,
): OpenConnection {
  return { connection: { ...connection, ...change, version: connection.version + 1 }, secrets };
}

function usedOf({ connection: { id, name, version } }: OpenConnection) {
  return { id, name, version, fields: ['password'] };
}
