import { describe, expect, test } from '@jest/globals';
import { Payload } from '../../src/core/json/json-value.ts';
import { freshPorts, type OpenPorts } from './ports-under-test.ts';
import { noon, someDispatch, someId, someLease, storeRun } from './samples.ts';

/** What every engine does with a trigger and its runs. */
export function describeRunDispatch(open: OpenPorts): void {
  describe('dispatch', () => {
    const ports = freshPorts(open);
    const all = { limit: 100, cursor: null };

    test('stores one run for each agent, all as they were handed over', async () => {
      const dispatch = someDispatch({
        agents: ['clerk', 'poet', 'judge'],
        run: {
          payload: { text: 'Grüße 🌍', list: [1, null, { deep: true }] },
          context: { kafka: { offset: 7 } },
          warnings: ['A file was left out.'],
          modelInput: 'Write.',
          concurrencyKey: 'A-1',
          origin: { type: 'chat', account: 'A1', address: { channel: 'C1', thread: null } },
        },
      });
      expect(await ports().runs.dispatch(dispatch)).toEqual({ outcome: 'stored' });
      for (const run of dispatch.runs) expect(await ports().runs.get(run.runId)).toEqual(run);
    });

    test.each([
      ['one run', { agents: ['clerk'] }],
      ['several runs', { agents: ['clerk', 'poet'] }],
      ['an id of its own event', { agents: ['clerk'], triggerId: someId(noon - 60_000) }],
    ])('a trigger with %s is found with the request that brought it', async (_kind, given) => {
      const dispatch = someDispatch({ ...given, connectorId: someId() });
      const arrival = {
        method: 'POST',
        query: 'a=1',
        headers: { 'x-a': '1' },
        sender: '192.0.2.1',
        bytes: 7,
      };
      await storeRun(ports().runs);
      await ports().runs.dispatch({ ...dispatch, trigger: { ...dispatch.trigger, arrival } });
      const { triggerId, connectorId, receivedAt } = dispatch.trigger;
      const runIds = dispatch.runs.map(({ runId }) => runId);
      expect(await ports().runs.findTrigger(triggerId)).toEqual({
        triggerId,
        connectorId,
        receivedAt,
        runIds,
        arrival,
      });
      expect(await ports().runs.findTrigger(someId())).toBeNull();
      expect(await ports().runs.findTrigger('none')).toBeNull();
    });

    test.each([null, false, 0, '', 'text', [], [[]], {}, { __proto__x: 1 }])(
      'keeps the payload %j as it is',
      async (payload) => {
        const runId = await storeRun(ports().runs, { run: { payload } });
        expect((await ports().runs.get(runId))?.payload.value).toEqual(payload);
      },
    );

    test('keeps the digits of every number in a payload', async () => {
      const payload = new Payload('{"id":9223372036854775807,"rate":1e400,"list":[1.10,-0]}');
      const dispatch = someDispatch();
      const trigger = { ...dispatch.trigger, payload };
      await ports().runs.dispatch({ ...dispatch, trigger });
      expect((await ports().runs.get(dispatch.runs[0]?.runId ?? ''))?.payload).toEqual(payload);
    });

    test('keeps a payload of many megabytes', async () => {
      const payload = { text: 'ü'.repeat(3_000_000) };
      const runId = await storeRun(ports().runs, { run: { payload } });
      expect((await ports().runs.get(runId))?.payload.value).toEqual(payload);
    });

    test('a second trigger with the same id makes no second run', async () => {
      const triggerId = someId();
      const first = someDispatch({ triggerId, agents: ['clerk', 'poet'] });
      await ports().runs.dispatch(first);
      const repeated = await ports().runs.dispatch(someDispatch({ triggerId, agents: ['judge'] }));
      expect(repeated).toEqual({ outcome: 'repeated', runIds: first.runs.map((run) => run.runId) });
      expect((await ports().runs.list(all)).items).toHaveLength(2);
    });

    test('two triggers with the same id at the same time make one set of runs', async () => {
      const triggerId = someId();
      const dispatches = [1, 2, 3].map(() => someDispatch({ triggerId }));
      const outcomes = await Promise.all(dispatches.map((dispatch) => ports().runs.dispatch(dispatch)));
      expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(['repeated', 'repeated', 'stored']);
      expect((await ports().runs.list(all)).items).toHaveLength(1);
    });

    describe('with a repeat key', () => {
      const repeat = { key: 'order-1', fingerprint: 'abc', validForMs: 1_000 };

      test('a repeat within the time gets the first runs', async () => {
        const first = someDispatch({ connectorId: 'inbox', agents: ['clerk', 'poet'], repeat });
        await ports().runs.dispatch(first);
        const again = someDispatch({ connectorId: 'inbox', at: noon + 999, repeat });
        expect(await ports().runs.dispatch(again)).toEqual({
          outcome: 'repeated',
          runIds: first.runs.map((run) => run.runId),
        });
        expect((await ports().runs.list(all)).items).toHaveLength(2);
      });

      test('another event under the same key is a mismatch, and nothing is stored', async () => {
        await ports().runs.dispatch(someDispatch({ connectorId: 'inbox', repeat }));
        const other = someDispatch({ connectorId: 'inbox', repeat: { ...repeat, fingerprint: 'def' } });
        expect(await ports().runs.dispatch(other)).toEqual({ outcome: 'mismatch' });
        expect((await ports().runs.list(all)).items).toHaveLength(1);
      });

      test('the runs of a key are found at its connector, none for a filtered event, and null before it comes', async () => {
        expect(await ports().runs.runsOfKey('inbox', repeat.key)).toBeNull();
        const { trigger, runs } = someDispatch({ connectorId: 'inbox', agents: ['clerk', 'poet'], repeat });
        await ports().runs.dispatch({ trigger, runs, repeat, mayComeAgain: false, lease: null });
        expect(await ports().runs.runsOfKey('inbox', repeat.key)).toEqual(runs.map(({ runId }) => runId));
        expect(await ports().runs.runsOfKey('other', repeat.key)).toBeNull();
        const filtered = { reason: 'No agent wants it.', agents: ['clerk'] };
        const other = someDispatch({ connectorId: 'other', agents: [], repeat });
        await ports().runs.dispatch({ ...other, trigger: { ...other.trigger, filtered } });
        expect(await ports().runs.runsOfKey('other', repeat.key)).toEqual([]);
      });

      test('after the time, and at another connector, the key is free', async () => {
        const outcomes = [
          await ports().runs.dispatch(someDispatch({ connectorId: 'inbox', repeat })),
          await ports().runs.dispatch(someDispatch({ connectorId: 'other', repeat })),
          await ports().runs.dispatch(someDispatch({ connectorId: 'inbox', at: noon + 1_000, repeat })),
        ];
        expect(outcomes.map(({ outcome }) => outcome)).toEqual(['stored', 'stored', 'stored']);
      });
    });

    describe('of many events together', () => {
      test('stores each with all of its runs, in their order, or says why not', async () => {
        const repeat = { key: 'order-1', fingerprint: 'abc', validForMs: 1_000 };
        const known = someDispatch({ agents: ['clerk', 'poet'], repeat });
        await ports().runs.dispatch(known);
        const first = someDispatch({ agents: ['clerk', 'poet'], run: { payload: { n: 1 } } });
        const second = someDispatch({ agents: ['judge'], run: { payload: { n: 2 }, concurrencyKey: 'A-1' } });
        const outcomes = await ports().runs.dispatchAll([
          first,
          { ...known, repeat: null },
          someDispatch({ repeat: { ...repeat, fingerprint: 'def' } }),
          second,
        ]);
        expect(outcomes).toEqual([
          { outcome: 'stored' },
          { outcome: 'repeated', runIds: known.runs.map((run) => run.runId) },
          { outcome: 'mismatch' },
          { outcome: 'stored' },
        ]);
        for (const run of [...first.runs, ...second.runs]) {
          expect(await ports().runs.get(run.runId)).toEqual(run);
        }
        expect((await ports().runs.list(all)).items).toHaveLength(5);
      });

      test('stores a trigger that comes twice among them once', async () => {
        const dispatch = someDispatch({ agents: ['clerk'], triggerId: someId() });
        const outcomes = await ports().runs.dispatchAll([dispatch, dispatch]);
        expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(['repeated', 'stored']);
        expect((await ports().runs.list(all)).items).toHaveLength(1);
      });

      test('of none stores nothing', async () => {
        expect(await ports().runs.dispatchAll([])).toEqual([]);
      });
    });

    test('runs that their caller holds start at once and cannot be claimed', async () => {
      const runId = await storeRun(ports().runs, { lease: someLease('caller') });
      expect(await ports().runs.get(runId)).toMatchObject({
        status: 'running',
        startedAt: noon,
        attempts: 1,
      });
      expect(await ports().runs.claim(runId, someLease('queue'))).toEqual({ outcome: 'not-claimable' });
    });

    test('an unknown run is null', async () => {
      expect(await ports().runs.get(someId())).toBeNull();
    });
  });
}
