import { describe, expect, test } from '@jest/globals';
import type { Connector } from '../../src/core/connectors/connector.ts';
import type { ConnectorChangeSet } from '../../src/core/ports/connector-changes.ts';
import { noSecrets } from '../../src/core/ports/secret-store.ts';
import { freshPorts, type OpenPorts } from './ports-under-test.ts';
import { noon, someConnection, someConnector, someId } from './samples.ts';

/** Changes of many connectors in one go. */
export function describeConnectorChanges(open: OpenPorts): void {
  describe('changes of many connectors', () => {
    const ports = freshPorts(open);
    const none: ConnectorChangeSet = { created: [], changed: [], removed: [], entries: [] };
    const entry = (subject: string) => ({
      entryId: someId(),
      at: noon,
      actor: 'tester',
      action: 'connectors.applied',
      subject,
      detail: null,
    });
    const next = (before: Connector, fields: Partial<Connector>): Connector => ({
      ...before,
      ...fields,
      version: before.version + 1,
    });
    const names = async () => {
      const { items } = await ports().connectors.list({ limit: 100, cursor: null });
      return items.map(({ name }) => name).sort();
    };
    const stored = async (name: string, fields: Partial<Connector> = {}): Promise<Connector> => {
      const connector = someConnector({ name, ...fields });
      await ports().connectorNames.claim(name, connector.id, noon);
      await ports().connectors.create(connector);
      return connector;
    };

    test('create, change, and remove connectors, with names, links, secrets, and the audit log', async () => {
      const { connectors, connectorChanges, connectorNames, secrets, audit } = ports();
      const [old, kept] = [await stored('old', { agents: ['clerk'] }), await stored('kept')];
      const own = { current: 'own', previous: null, config: { password: 'one' } };
      await secrets.change(kept.id, () => own);
      await secrets.change(old.id, () => own);
      const code = { key: 'fresh', applied: { name: 'fresh', config: {} } };
      const fresh = someConnector({ name: 'fresh', agents: ['poet'], secretFields: ['password'], code });
      const outcome = await connectorChanges.apply({
        created: [{ connector: fresh, secrets: own }],
        changed: [
          {
            before: kept,
            after: next(kept, { name: 'renamed', agents: ['poet'] }),
            secrets: { password: 'two' },
          },
        ],
        removed: [old],
        entries: [entry('a'), entry('b')],
      });
      expect(outcome).toBe('applied');
      expect(await connectors.get(fresh.id)).toEqual(fresh);
      expect(await secrets.get(fresh.id)).toEqual(own);
      expect(await connectors.get(kept.id)).toMatchObject({ name: 'renamed', version: kept.version + 1 });
      expect(await secrets.get(kept.id)).toEqual({ ...own, config: { password: 'two' } });
      expect(await connectors.get(old.id)).toBeNull();
      expect(await secrets.get(old.id)).toEqual(noSecrets);
      expect((await connectors.linkedTo('poet')).map(({ id }) => id).sort()).toEqual(
        [fresh.id, kept.id].sort(),
      );
      expect(await connectors.linkedTo('clerk')).toEqual([]);
      expect((await audit.list({ limit: 9, cursor: null })).items).toHaveLength(2);
      const later = noon + 86_400_000;
      for (const name of ['old', 'kept'])
        expect(await connectorNames.claim(name, someId(), later)).toBe('claimed');
      for (const name of ['fresh', 'renamed'])
        expect(await connectorNames.claim(name, someId(), later)).toBe('taken');
    });

    test('are all or none: one connector that has changed meanwhile leaves all as they were', async () => {
      const { connectors, connectorChanges } = ports();
      const [one, other] = [await stored('one'), await stored('other')];
      await connectors.replace(next(other, { agents: ['clerk'] }));
      const changes = {
        ...none,
        created: [{ connector: someConnector({ name: 'fresh' }), secrets: noSecrets }],
        changed: [{ before: one, after: next(one, { name: 'renamed' }), secrets: null }],
        entries: [entry('a')],
      };
      expect(await connectorChanges.apply({ ...changes, removed: [other] })).toBe('changed-meanwhile');
      expect(await names()).toEqual(['one', 'other']);
      expect((await ports().audit.list({ limit: 9, cursor: null })).items).toEqual([]);
      expect(await connectorChanges.apply({ ...changes, removed: [someConnector()] })).toBe(
        'changed-meanwhile',
      );
      expect(await names()).toEqual(['one', 'other']);
    });

    test('are all or none: a connection that has changed meanwhile leaves all as they were', async () => {
      const { connections, connectors, connectorChanges, secrets } = ports();
      const opened = someConnection();
      const { id, name } = opened.connection;
      await connections.create(opened);
      const used = (version: number) => ({ id, name, version, fields: ['password'] });
      const own = { current: null, previous: null, config: { password: 'one' } };
      const one = await stored('one');
      await secrets.change(one.id, () => own);
      const taking = (version: number) => ({
        before: one,
        after: next(one, { connection: used(version) }),
        secrets: { password: 'two' },
      });
      const creating = (version: number) => ({
        connector: someConnector({ name: 'fresh', connection: used(version) }),
        secrets: noSecrets,
      });
      await connections.replace({ ...opened, connection: { ...opened.connection, version: 2 } });
      for (const changes of [{ changed: [taking(1)] }, { changed: [taking(2)], created: [creating(1)] }]) {
        const outcome = await connectorChanges.apply({ ...none, ...changes, entries: [entry('a')] });
        expect(outcome).toBe('changed-meanwhile');
        expect(await names()).toEqual(['one']);
        expect(await connectors.get(one.id)).toEqual(one);
        expect(await secrets.get(one.id)).toEqual(own);
        expect((await ports().audit.list({ limit: 9, cursor: null })).items).toEqual([]);
      }
      const current = { ...none, changed: [taking(2)], created: [creating(2)] };
      expect(await connectorChanges.apply(current)).toBe('applied');
      expect((await connectors.using(id)).map((user) => user.name).sort()).toEqual(['fresh', 'one']);
    });

    test('take no name that another connector has', async () => {
      const { connectorChanges } = ports();
      const [one, other] = [await stored('one'), await stored('other')];
      const taken = someConnector({ name: 'other' });
      const created = [{ connector: taken, secrets: noSecrets }];
      expect(await connectorChanges.apply({ ...none, created, removed: [one] })).toBe('changed-meanwhile');
      expect(await names()).toEqual(['one', 'other']);
      expect(await connectorChanges.apply({ ...none, created, removed: [other] })).toBe('applied');
      expect(await names()).toEqual(['one', 'other']);
    });

    test('can exchange the names of connectors', async () => {
      const { connectorChanges, connectorNames } = ports();
      const [one, other] = [await stored('one'), await stored('other')];
      const changed = [
        { before: one, after: next(one, { name: 'other' }), secrets: null },
        { before: other, after: next(other, { name: 'one' }), secrets: null },
      ];
      expect(await connectorChanges.apply({ ...none, changed })).toBe('applied');
      expect((await ports().connectors.get(one.id))?.name).toBe('other');
      const later = noon + 86_400_000;
      expect(await connectorNames.claim('one', other.id, later)).toBe('claimed');
      expect(await connectorNames.claim('one', one.id, later)).toBe('taken');
    });

    test('can be more than one transaction of a database takes', async () => {
      const created = Array.from({ length: 150 }, (_, index) => ({
        connector: someConnector({ name: `connector ${index}`, agents: ['clerk', 'poet'] }),
        secrets: noSecrets,
      }));
      expect(await ports().connectorChanges.apply({ ...none, created })).toBe('applied');
      expect(await ports().connectors.linkedTo('poet')).toHaveLength(150);
      const removed = created.map(({ connector }) => connector);
      expect(await ports().connectorChanges.apply({ ...none, removed })).toBe('applied');
      expect(await names()).toEqual([]);
    });
  });
}
