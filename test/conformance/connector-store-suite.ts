import { describe, expect, test } from '@jest/globals';
import { connectorsByAgent } from '../../src/core/connectors/connectors-by-agent.ts';
import { freshPorts, type OpenPorts } from './ports-under-test.ts';
import { noon, someConnector } from './samples.ts';

/** Connectors with their links. */
export function describeConnectorStore(open: OpenPorts): void {
  describe('connectors', () => {
    const ports = freshPorts(open);

    test('are kept as they are', async () => {
      const connector = someConnector({
        agents: ['poet', 'clerk'],
        secretFields: ['token'],
        disabledPeriods: [
          { from: noon - 2, until: noon - 1, reason: 'It rested.', decision: 'send' },
          { from: noon, until: null, reason: 'It rests.', decision: 'keep' },
        ],
        failingSince: noon,
        failureTally: { failedMs: 0, countedAt: noon },
        byChoice: { by: 'tool', description: 'Sends.', parameters: { type: 'object', properties: {} } },
      });
      await ports().connectors.create(connector);
      expect(await ports().connectors.get(connector.id)).toEqual(connector);
      expect(await ports().connectors.get('unknown')).toBeNull();
    });

    test('only who has read the last version replaces it', async () => {
      const connector = someConnector();
      await ports().connectors.create(connector);
      const changes = ['one', 'two'].map((name) => ({ ...connector, name, version: 2 }));
      const outcomes = await Promise.all(changes.map((change) => ports().connectors.replace(change)));
      expect(outcomes.toSorted()).toEqual(['changed-meanwhile', 'replaced']);
      const name = outcomes[0] === 'replaced' ? 'one' : 'two';
      expect((await ports().connectors.get(connector.id))?.name).toBe(name);
      expect(await ports().connectors.replace(someConnector())).toBe('missing');
    });

    test('are found by the agents they link to, in order of creation', async () => {
      const a = someConnector({ agents: ['clerk', 'poet'], createdAt: noon });
      const b = someConnector({ agents: ['clerk'], createdAt: noon + 1 });
      await ports().connectors.create(a);
      await ports().connectors.create(b);
      const linked = async (agent: string) => (await ports().connectors.linkedTo(agent)).map(({ id }) => id);
      expect(await linked('clerk')).toEqual([a.id, b.id]);
      await ports().connectors.replace({ ...a, agents: ['poet', 'judge'], version: 2 });
      expect(await linked('clerk')).toEqual([b.id]);
      expect(await linked('judge')).toEqual([a.id]);
      await ports().connectors.delete(a.id);
      expect(await linked('judge')).toEqual([]);
    });

    test('are found by the events to which they subscribe', async () => {
      const a = someConnector({ mode: 'outbound', config: { events: ['run.failed', 'tick.missed'] } });
      const b = someConnector({ mode: 'inbound', config: { events: ['run.failed'] } });
      await ports().connectors.create(a);
      await ports().connectors.create(b);
      const linked = async (name: string) => (await ports().connectors.linkedTo(name)).map(({ id }) => id);
      expect(await linked('event:run.failed')).toEqual([a.id]);
      await ports().connectors.replace({ ...a, config: { events: ['tick.missed'] }, version: 2 });
      expect(await linked('event:run.failed')).toEqual([]);
      expect(await linked('event:tick.missed')).toEqual([a.id]);
    });

    test('are found by all agents in one pass, as by each of them', async () => {
      const count = 120;
      const agentsOf = (index: number) => (index % 40 === 0 ? ['clerk', 'poet'] : ['clerk']);
      for (let index = 0; index < count; index++) {
        await ports().connectors.create(
          someConnector({ agents: agentsOf(index), createdAt: noon + Math.trunc(index / 2) }),
        );
      }
      await ports().connectors.create(someConnector({ agents: [] }));
      const byAgent = await connectorsByAgent(ports().connectors);
      expect([...byAgent.keys()].toSorted()).toEqual(['clerk', 'poet']);
      expect(byAgent.get('clerk')).toHaveLength(count);
      for (const [agent, linked] of byAgent) {
        expect(linked).toEqual(await ports().connectors.linkedTo(agent));
      }
    });

    test('are gone when they are deleted, once', async () => {
      const connector = someConnector();
      await ports().connectors.create(connector);
      expect(await ports().connectors.delete(connector.id)).toBe('deleted');
      expect(await ports().connectors.delete(connector.id)).toBe('missing');
      expect(await ports().connectors.get(connector.id)).toBeNull();
    });

    test('are listed newest first, by type and mode', async () => {
      const a = someConnector({ mode: 'sync', createdAt: noon });
      const b = someConnector({ type: 'cron', createdAt: noon + 1 });
      const c = someConnector({ mode: 'outbound', createdAt: noon + 2 });
      for (const connector of [a, b, c]) await ports().connectors.create(connector);
      const first = await ports().connectors.list({ limit: 2, cursor: null });
      expect(first.items).toEqual([c, b]);
      const second = await ports().connectors.list({ limit: 2, cursor: first.nextCursor });
      expect(second).toEqual({ items: [a], nextCursor: null });
      expect((await ports().connectors.list({ limit: 9, cursor: null, type: 'cron' })).items).toEqual([b]);
      expect((await ports().connectors.list({ limit: 9, cursor: null, mode: 'sync' })).items).toEqual([a]);
    });
  });
}
