import { describe, expect, test } from '@jest/globals';
import type { Dispatch } from '../../src/core/ports/run-store.ts';
import type { Run } from '../../src/core/runs/run.ts';
import { freshPorts, type OpenPorts } from './ports-under-test.ts';
import { noon, someDispatch, someId, storeEndedRun } from './samples.ts';

const reason = 'The filter of the connector is false: input.total > 100.';

/** A trigger that no linked agent wants. */
function someFiltered(given: Parameters<typeof someDispatch>[0] = {}, agents = ['clerk']): Dispatch {
  const dispatch = someDispatch({ connectorId: 'inbox', ...given, agents: [] });
  return { ...dispatch, trigger: { ...dispatch.trigger, filtered: { reason, agents } } };
}

/** A queued run of a stored trigger. */
function runOf({ trigger }: Dispatch, agentName: string, at: number): Run {
  const [run] = someDispatch({ agents: [agentName], at, triggerId: trigger.triggerId }).runs;
  if (run === undefined) throw new Error('a dispatch without a run');
  return { ...run, payload: trigger.payload, connectorId: trigger.connectorId };
}

export function describeTriggers(open: OpenPorts): void {
  const all = { limit: 100, cursor: null };

  describe('filtered triggers', () => {
    const ports = freshPorts(open);
    const stored = async (dispatch: Dispatch) => {
      expect(await ports().runs.dispatch(dispatch)).toEqual({ outcome: 'stored' });
      return dispatch.trigger.triggerId;
    };

    test('are stored with their reason and their content, and start nothing', async () => {
      const filtered = someFiltered({ run: { payload: { total: 5 }, context: { a: 1 } } }, ['clerk', 'poet']);
      const triggerId = await stored(filtered);
      const record = { reason, agents: ['clerk', 'poet'], sentAt: null };
      expect(await ports().runs.findTrigger(triggerId)).toEqual({
        triggerId,
        connectorId: 'inbox',
        receivedAt: noon,
        runIds: [],
        filtered: record,
      });
      expect(await ports().runs.getTrigger(triggerId)).toMatchObject({
        payload: { text: '{"total":5}' },
        context: { a: 1 },
        filtered: record,
      });
      expect((await ports().runs.list(all)).items).toEqual([]);
      expect(await ports().runs.queueDepth()).toMatchObject({ queued: 0 });
    });

    test('of megabytes keep their content', async () => {
      const payload = { text: 'x'.repeat(2_000_000) };
      const triggerId = await stored(someFiltered({ run: { payload } }));
      expect((await ports().runs.getTrigger(triggerId))?.payload.value).toEqual(payload);
    });

    test('are stored once: a repeat adds nothing, by its own identity or by its key', async () => {
      const triggerId = someId();
      await stored(someFiltered({ triggerId }));
      expect(await ports().runs.dispatch(someFiltered({ triggerId }))).toEqual({
        outcome: 'repeated',
        runIds: [],
      });
      const repeat = { key: 'k', fingerprint: 'f', validForMs: 1_000 };
      await stored(someFiltered({ repeat }));
      const other = someDispatch({ connectorId: 'inbox', repeat });
      expect(await ports().runs.dispatch(other)).toEqual({ outcome: 'repeated', runIds: [] });
      const page = await ports().runs.listTriggers({ ...all, outcome: 'filtered' });
      expect(page.items).toHaveLength(2);
      expect((await ports().runs.list(all)).items).toEqual([]);
    });

    test('are stored together with accepted ones, in order', async () => {
      const events = [someFiltered(), someDispatch({ connectorId: 'inbox' }), someFiltered()];
      const outcomes = await ports().runs.dispatchAll(events);
      expect(outcomes).toEqual(events.map(() => ({ outcome: 'stored' })));
      expect((await ports().runs.list(all)).items).toHaveLength(1);
      const page = await ports().runs.listTriggers({ ...all, outcome: 'filtered' });
      expect(page.items).toHaveLength(2);
    });

    test('are counted by connector', async () => {
      for (const at of [noon, noon + 1, noon + 2]) await stored(someFiltered({ at }));
      await stored(someFiltered({ connectorId: 'other' }));
      await stored(someFiltered({ at: noon + 10 }));
      const counts = await ports().runs.countFiltered({ from: noon, to: noon + 5 });
      expect(Object.fromEntries(counts)).toEqual({
        inbox: { filtered: 3, lastReceivedAt: noon + 2 },
        other: { filtered: 1, lastReceivedAt: noon },
      });
    });

    test('are sent through once, by whoever comes first, and their runs get their payload', async () => {
      const filtered = someFiltered({ run: { payload: { total: 5 } } }, ['clerk', 'poet']);
      const triggerId = await stored(filtered);
      const later = noon + 60_000;
      const sets = [1, 2, 3].map(() => ['clerk', 'poet'].map((agent) => runOf(filtered, agent, later)));
      const sent = await Promise.all(sets.map((runs) => ports().runs.sendThrough(triggerId, runs, later)));
      expect(sent.map(({ outcome }) => outcome).sort()).toEqual(['not-filtered', 'not-filtered', 'stored']);
      const { items } = await ports().runs.list(all);
      expect(items.map(({ agentName }) => agentName).sort()).toEqual(['clerk', 'poet']);
      expect(items[0]).toMatchObject({ triggerId, connectorId: 'inbox', queuedAt: later, status: 'queued' });
      expect((await ports().runs.get(items[0]?.runId ?? ''))?.payload.value).toEqual({ total: 5 });
      const found = await ports().runs.findTrigger(triggerId);
      expect(found).toMatchObject({ filtered: { reason, sentAt: later }, receivedAt: noon });
      expect(new Set(found?.runIds)).toEqual(new Set(items.map(({ runId }) => runId)));
      expect(await ports().runs.dispatch(someFiltered({ triggerId }))).toEqual({
        outcome: 'repeated',
        runIds: found?.runIds,
      });
    });

    test('that do not exist, or were accepted, cannot be sent through', async () => {
      const accepted = someDispatch({ connectorId: 'inbox', agents: ['clerk', 'poet'] });
      await stored(accepted);
      for (const { trigger } of [accepted, someFiltered()]) {
        const sent = await ports().runs.sendThrough(trigger.triggerId, accepted.runs, noon);
        expect(sent).toEqual({ outcome: 'not-filtered' });
      }
      expect((await ports().runs.list(all)).items).toHaveLength(2);
    });
  });

  describe('the content of an accepted trigger', () => {
    const ports = freshPorts(open);

    test('is what came in, whatever its run left', async () => {
      const given = { connectorId: 'inbox', run: { payload: { n: 1 }, context: { from: 'source' } } };
      for (const agents of [['clerk'], ['clerk', 'poet']]) {
        const { trigger, runs, ...rest } = someDispatch({ ...given, agents });
        await ports().runs.dispatch({ trigger, runs, ...rest });
        expect(await ports().runs.getTrigger(trigger.triggerId)).toEqual({
          ...trigger,
          runIds: runs.map(({ runId }) => runId),
        });
      }
      const runId = await storeEndedRun(ports().runs, { context: { left: 'by the run' } }, given);
      const { triggerId = '' } = (await ports().runs.find(runId)) ?? {};
      expect((await ports().runs.getTrigger(triggerId))?.context).toEqual({ from: 'source' });
      expect(await ports().runs.getTrigger(someId())).toBeNull();
    });
  });

  describe('the list of triggers', () => {
    const ports = freshPorts(open);
    const accepted = (given: Parameters<typeof someDispatch>[0]) =>
      someDispatch({ connectorId: 'inbox', ...given });
    const idsOf = async (query: Partial<Parameters<ReturnType<typeof ports>['runs']['listTriggers']>[0]>) => {
      const ids: string[] = [];
      let cursor: string | null = null;
      do {
        const page = await ports().runs.listTriggers({ outcome: 'accepted', limit: 2, ...query, cursor });
        ids.push(...page.items.map(({ item }) => item.triggerId));
        cursor = page.nextCursor;
      } while (cursor !== null);
      return ids;
    };
    const store = async (dispatches: readonly Dispatch[]) => {
      for (const each of dispatches) await ports().runs.dispatch(each);
      return dispatches.map(({ trigger }) => trigger.triggerId).reverse();
    };

    test('has each accepted one once, newest first, however many runs it started', async () => {
      const fans = [['clerk'], ['clerk', 'poet', 'judge'], ['poet', 'judge'], ['clerk'], ['judge', 'clerk']];
      const ids = await store(fans.map((agents, n) => accepted({ agents, at: noon + n })));
      expect(await idsOf({})).toEqual(ids);
      const first = await ports().runs.listTriggers({ outcome: 'accepted', limit: 2, cursor: null });
      const after = { outcome: 'accepted', limit: 9, cursor: first.items[0]?.cursor ?? null } as const;
      const rest = await ports().runs.listTriggers(after);
      expect(rest.items.map(({ item }) => item.triggerId)).toEqual(ids.slice(1));
    });

    test('has those of one millisecond once as well', async () => {
      const ids = await store([1, 2, 3, 4].map(() => accepted({ agents: ['clerk', 'poet', 'judge'] })));
      const listed = await idsOf({});
      expect(listed).toHaveLength(4);
      expect(new Set(listed)).toEqual(new Set(ids));
    });

    test('leaves out runs that rerun others, and those of filtered triggers', async () => {
      const [first = ''] = await store([accepted({})]);
      await store([accepted({ at: noon + 1, run: { parentRunId: someId() } })]);
      const filtered = someFiltered({ at: noon + 2 });
      await store([filtered]);
      await ports().runs.sendThrough(
        filtered.trigger.triggerId,
        [runOf(filtered, 'clerk', noon + 3)],
        noon + 3,
      );
      expect(await idsOf({})).toEqual([first]);
      expect(await idsOf({ outcome: 'filtered' })).toEqual([filtered.trigger.triggerId]);
    });

    test.each(['accepted', 'filtered'] as const)(
      'of %s ones is narrowed down by connector, time, payload, and context',
      async (outcome) => {
        const make = outcome === 'accepted' ? accepted : someFiltered;
        const [third, second, first] = await store([
          make({ at: noon, run: { payload: { order: 'A-1' } } }),
          make({ at: noon + 1, connectorId: 'other', run: { payload: { order: 'B-2' } } }),
          make({ at: noon + 2, run: { payload: { order: 'C-3' }, context: { tier: 'pro' } } }),
        ]);
        expect(await idsOf({ outcome })).toEqual([third, second, first]);
        expect(await idsOf({ outcome, connectorId: 'inbox' })).toEqual([third, first]);
        expect(await idsOf({ outcome, from: noon + 1, to: noon + 2 })).toEqual([second]);
        expect(await idsOf({ outcome, search: 'b-2' })).toEqual([second]);
        expect(await idsOf({ outcome, search: 'tier=pro' })).toEqual([third]);
        expect(await idsOf({ outcome, search: 'nothing' })).toEqual([]);
      },
    );
  });
}
