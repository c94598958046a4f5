import { describe, expect, test } from '@jest/globals';
import { holdKeys } from '../../src/core/control/hold.ts';
import type { ChangeEvent } from '../../src/core/ports/run-signals.ts';
import type { RunStatus } from '../../src/core/runs/run.ts';
import { freshPorts, type OpenPorts } from './ports-under-test.ts';
import { noon, someConnector, someDispatch, someEnd, someLease, storeRun } from './samples.ts';

const all = { limit: 100, cursor: null };

const key = holdKeys.agent('clerk');
const hold = { key, since: noon, by: null, reason: 'The agent is paused.', drainPerMinute: null };

/** What an engine promises beyond the rest where everything happens in its one process. */
export function describeOneProcess(open: OpenPorts): void {
  describe('a bound on what waits', () => {
    const ports = freshPorts(open, 5);

    test('over capacity, a trigger is refused before any of its runs is stored', async () => {
      await ports().runs.dispatch(someDispatch({ agents: ['a', 'b', 'c'] }));
      const refused = await ports().runs.dispatch(someDispatch({ agents: ['a', 'b', 'c'] }));
      expect(refused).toEqual({ outcome: 'overloaded', retryAfterSeconds: expect.any(Number) });
      expect((await ports().runs.list(all)).items).toHaveLength(3);
    });

    test('what leaves the queue makes room', async () => {
      const runId = await storeRun(ports().runs, {});
      await ports().runs.dispatch(someDispatch({ agents: ['a', 'b', 'c', 'd'] }));
      expect((await ports().runs.dispatch(someDispatch())).outcome).toBe('overloaded');
      await ports().runs.claim(runId, someLease('executor'));
      expect((await ports().runs.dispatch(someDispatch())).outcome).toBe('stored');
    });
  });

  describe('a bound on what waits', () => {
    const ports = freshPorts(open, 2);

    test('leaves out runs in a hold, until it lets them go on', async () => {
      const { holds, runs } = ports();
      await holds.begin(hold);
      const held = { agents: ['clerk', 'clerk', 'clerk'], run: { waitsFor: key } };
      expect((await runs.dispatch(someDispatch(held))).outcome).toBe('stored');
      const [one, two] = [await storeRun(runs), await storeRun(runs)];
      expect((await runs.dispatch(someDispatch())).outcome).toBe('overloaded');
      expect(await holds.holdRun(one, key, [], noon)).toBe('held');
      expect(await holds.holdRun(one, key, [], noon)).toBe('held');
      expect((await runs.dispatch(someDispatch())).outcome).toBe('stored');
      expect((await runs.dispatch(someDispatch())).outcome).toBe('overloaded');
      await runs.requestCancel(one, noon);
      expect((await runs.dispatch(someDispatch())).outcome).toBe('overloaded');
      await runs.claim(two, someLease('a'));
      await holds.drain(key, 60, noon);
      await holds.release(key, noon, noon);
      expect((await runs.dispatch(someDispatch())).outcome).toBe('overloaded');
    });
  });

  describe('holds in one process', () => {
    const ports = freshPorts(open);

    test('runs can wait in a hold from the start', async () => {
      const { holds, runs } = ports();
      await holds.begin(hold);
      expect(holds.atHand().get(key)).toEqual({ ...hold, drainingSince: null });
      const dispatch = someDispatch({ agents: ['clerk', 'poet'], run: { waitsFor: key } });
      expect(await runs.dispatch(dispatch)).toEqual({ outcome: 'stored' });
      const [one] = dispatch.runs;
      expect(await runs.find(one?.runId ?? '')).toMatchObject({ status: 'queued', waitsFor: key });
      expect(await holds.waiting(key)).toMatchObject({ count: 2, oldestQueuedAt: noon });
    });

    test('a run for a hold that has ended on the way is queued', async () => {
      const { holds, runs } = ports();
      const runId = await storeRun(runs, { run: { waitsFor: key } });
      expect(await runs.find(runId)).toMatchObject({ status: 'queued', waitsFor: null });
      expect(await holds.waiting(key)).toMatchObject({ count: 0 });
      expect(await runs.claim(runId, someLease('a'))).toMatchObject({ outcome: 'claimed' });
    });
  });

  describe('signals in one process', () => {
    const ports = freshPorts(open);

    test('watchers see every change of a run, a connector and nothing after they left', async () => {
      const seen: ChangeEvent[] = [];
      const { changes } = ports().signals;
      if (changes.kind !== 'pushed') throw new Error('an engine in one process pushes its changes');
      const leave = changes.watch((event) => seen.push(event));
      const connector = someConnector();
      await ports().connectors.create(connector);
      const runId = await storeRun(ports().runs);
      await ports().runs.claim(runId, someLease('a'));
      await ports().runs.end(runId, 'a', someEnd());
      await ports().connectors.delete(connector.id);
      leave();
      await storeRun(ports().runs);
      const updatedRun = (status: RunStatus) => ({
        type: 'run.updated',
        run: expect.objectContaining({ runId, status }),
      });
      expect(seen).toEqual([
        { type: 'connector.updated', connector },
        updatedRun('queued'),
        updatedRun('running'),
        updatedRun('completed'),
        { type: 'connector.deleted', connectorId: connector.id },
      ]);
    });
  });
}
