import { describe, expect, test } from '@jest/globals';
import { nothingReported } from '../../src/core/ports/run-store.ts';
import { freshPorts, type OpenPorts } from './ports-under-test.ts';
import { noon, someEnd, someId, someInterruption, someLease, storeRun } from './samples.ts';

/** Who executes a run, and how it ends. */
export function describeRunLeases(open: OpenPorts): void {
  describe('claim', () => {
    const ports = freshPorts(open);

    test('one of many executors gets the run', async () => {
      const runId = await storeRun(ports().runs);
      const owners = ['a', 'b', 'c', 'd'];
      const claims = await Promise.all(owners.map((owner) => ports().runs.claim(runId, someLease(owner))));
      expect(claims.filter(({ outcome }) => outcome === 'claimed')).toHaveLength(1);
      expect(claims.filter(({ outcome }) => outcome === 'not-claimable')).toHaveLength(3);
    });

    test('hands over the run, started and with its attempt counted', async () => {
      const runId = await storeRun(ports().runs);
      const claimed = await ports().runs.claim(runId, someLease('a', noon + 10));
      expect(claimed).toMatchObject({
        outcome: 'claimed',
        run: { runId, status: 'running', startedAt: noon + 10, attempts: 1 },
      });
    });

    test('reads nothing that may be large: that is loaded when the run is to be executed', async () => {
      const payload = { text: 'x'.repeat(200_000) };
      const runId = await storeRun(ports().runs, { run: { payload, warnings: ['one'], context: { a: 1 } } });
      const found = await ports().runs.find(runId);
      expect(found).not.toHaveProperty('payload');
      const claimed = await ports().runs.claim(runId, someLease('a'));
      if (claimed.outcome !== 'claimed') throw new Error(claimed.outcome);
      expect(claimed.run).not.toHaveProperty('payload');
      const stored = { text: JSON.stringify(payload) };
      const run = { ...claimed.run, payload: stored, warnings: ['one'], context: { a: 1 }, output: null };
      expect(await ports().runs.load(claimed.run)).toMatchObject(run);
      expect(await ports().runs.find(someId())).toBeNull();
    });

    test('a lease that has run out can be taken, and its first owner has lost the run', async () => {
      const runId = await storeRun(ports().runs);
      await ports().runs.claim(runId, someLease('a'));
      expect((await ports().runs.claim(runId, someLease('b', noon + 59_999))).outcome).toBe('not-claimable');
      const taken = await ports().runs.claim(runId, someLease('b', noon + 60_000));
      const interruptions = [{ at: noon + 60_000, role: 'suspect' }];
      expect(taken).toMatchObject({ outcome: 'claimed', run: { attempts: 1, interruptions } });
      expect(await ports().runs.end(runId, 'a', someEnd())).toBe('lost');
      expect(await ports().runs.release(runId, 'a', noon, someInterruption)).toBe('lost');
      expect(await ports().runs.end(runId, 'b', someEnd())).toBe('ended');
    });

    test('of a lease that has run out, the attempt counts where the run was alone in its executor', async () => {
      const runId = await storeRun(ports().runs);
      await ports().runs.claim(runId, { ...someLease('a'), ifLost: 'culprit' });
      const taken = await ports().runs.claim(runId, someLease('b', noon + 60_000));
      const interruptions = [{ role: 'culprit', reason: expect.any(String) }];
      expect(taken).toMatchObject({ outcome: 'claimed', run: { attempts: 2, interruptions } });
      await ports().runs.end(runId, 'b', someEnd());
      expect(await ports().runs.get(runId)).toMatchObject({
        status: 'completed',
        attempts: 2,
        interruptions,
      });
    });

    test.each([
      ['culprit', 2],
      ['suspect', 1],
      ['bystander', 1],
    ] as const)(
      'an interruption is kept, and that of a %s makes the next attempt number %d',
      async (role, attempts) => {
        const runId = await storeRun(ports().runs);
        await ports().runs.claim(runId, someLease('a'));
        const interruption = { at: noon + 5, role, reason: 'its thread ended: out of memory' };
        expect(await ports().runs.release(runId, 'a', noon, interruption)).toBe('released');
        const claimed = await ports().runs.claim(runId, someLease('b'));
        expect(claimed).toMatchObject({ run: { attempts, interruptions: [interruption] } });
      },
    );

    test('a run that is claimed, interrupted and claimed again is lost to those who saw it before', async () => {
      const runId = await storeRun(ports().runs);
      for (const owner of ['a', 'b', 'c']) {
        expect((await ports().runs.claim(runId, someLease(owner))).outcome).toBe('claimed');
        expect(await ports().runs.release(runId, 'nobody', noon, someInterruption)).toBe('lost');
        expect(await ports().runs.release(runId, owner, noon, someInterruption)).toBe('released');
      }
      expect((await ports().runs.get(runId))?.interruptions).toHaveLength(3);
    });

    test('a released run waits for its time', async () => {
      const runId = await storeRun(ports().runs);
      await ports().runs.claim(runId, someLease('a'));
      expect(await ports().runs.release(runId, 'a', noon + 1_000, someInterruption)).toBe('released');
      expect(await ports().runs.get(runId)).toMatchObject({ status: 'queued', startedAt: null, attempts: 0 });
      expect((await ports().runs.claim(runId, someLease('b', noon + 999))).outcome).toBe('not-claimable');
      expect(await ports().runs.claim(runId, someLease('b', noon + 1_000))).toMatchObject({
        run: { attempts: 1 },
      });
    });

    test('an unknown run cannot be claimed', async () => {
      expect(await ports().runs.claim(someId(), someLease('a'))).toEqual({ outcome: 'not-claimable' });
    });
  });

  describe('slots', () => {
    const ports = freshPorts(open);
    const two = [{ key: 'clerk', limit: 2 }];

    test('no more runs than places are going on', async () => {
      const [a, b, c] = [
        await storeRun(ports().runs),
        await storeRun(ports().runs),
        await storeRun(ports().runs),
      ];
      expect((await ports().runs.claim(a, someLease('a', noon, two))).outcome).toBe('claimed');
      expect((await ports().runs.claim(b, someLease('b', noon, two))).outcome).toBe('claimed');
      expect(await ports().runs.claim(c, someLease('c', noon, two))).toEqual({
        outcome: 'busy',
        slot: 'clerk',
      });
      expect(await ports().runs.get(c)).toMatchObject({ status: 'queued', attempts: 0 });
    });

    test.each(['end', 'release'] as const)('%s frees the place', async (way) => {
      const one = [{ key: 'clerk', limit: 1 }];
      const [a, b] = [await storeRun(ports().runs), await storeRun(ports().runs)];
      await ports().runs.claim(a, someLease('a', noon, one));
      expect((await ports().runs.claim(b, someLease('b', noon, one))).outcome).toBe('busy');
      if (way === 'end') await ports().runs.end(a, 'a', someEnd());
      else await ports().runs.release(a, 'a', noon + 5_000, someInterruption);
      expect((await ports().runs.claim(b, someLease('b', noon, one))).outcome).toBe('claimed');
    });

    test('all places are taken or none', async () => {
      const [a, b, c] = [
        await storeRun(ports().runs),
        await storeRun(ports().runs),
        await storeRun(ports().runs),
      ];
      const agent = { key: 'clerk', limit: 2 };
      const order = { key: 'clerk\nA-1', limit: 1 };
      await ports().runs.claim(a, someLease('a', noon, [agent, order]));
      const busy = await ports().runs.claim(b, someLease('b', noon, [agent, order]));
      expect(busy).toEqual({ outcome: 'busy', slot: 'clerk\nA-1' });
      expect((await ports().runs.claim(c, someLease('c', noon, [agent]))).outcome).toBe('claimed');
    });

    test('whoever takes over a run takes over its place', async () => {
      const one = [{ key: 'clerk', limit: 1 }];
      const runId = await storeRun(ports().runs);
      await ports().runs.claim(runId, someLease('a', noon, one));
      expect((await ports().runs.claim(runId, someLease('b', noon + 60_000, one))).outcome).toBe('claimed');
      const other = await storeRun(ports().runs);
      expect((await ports().runs.claim(other, someLease('c', noon + 60_000, one))).outcome).toBe('busy');
    });
  });

  describe('end', () => {
    const ports = freshPorts(open);

    test('leaves context and warnings as the trigger gave them, where it is told of none', async () => {
      const given = { context: { from: 'trigger' }, warnings: ['old'] };
      const runId = await storeRun(ports().runs, { run: given });
      await ports().runs.claim(runId, someLease('a'));
      const end = someEnd({ status: 'failed', output: null, context: null, warnings: null });
      expect(await ports().runs.end(runId, 'a', end)).toBe('ended');
      expect(await ports().runs.get(runId)).toMatchObject({ status: 'failed', output: null, ...given });
    });

    test('notes that the result is not to be delivered, and only then', async () => {
      const ids = [await storeRun(ports().runs), await storeRun(ports().runs)];
      for (const id of ids) await ports().runs.claim(id, someLease('a'));
      const [unpublished = '', usual = ''] = ids;
      await ports().runs.end(unpublished, 'a', someEnd({ publishes: false }));
      await ports().runs.end(usual, 'a', someEnd());
      expect(await ports().runs.find(unpublished)).toMatchObject({ status: 'completed', publishes: false });
      expect(await ports().runs.find(usual)).not.toHaveProperty('publishes');
    });

    test('stores everything that is left of the run', async () => {
      const runId = await storeRun(ports().runs, {
        run: { context: { from: 'trigger' }, warnings: ['old'] },
      });
      await ports().runs.claim(runId, someLease('a'));
      const trace = {
        spans: [
          {
            spanId: '00f067aa0ba902b7',
            parentSpanId: null,
            name: 'run clerk',
            kind: 'run' as const,
            startedAt: noon,
            endedAt: noon + 1,
            status: 'ok' as const,
            error: null,
            attributes: { 'gen_ai.operation.name': 'invoke_agent' },
          },
        ],
        logs: [{ at: noon, level: 'info' as const, source: 'agent', message: 'hello' }],
      };
      const end = someEnd({
        status: 'failed',
        output: null,
        error: { code: 'tool-error', message: 'The tool failed.' },
        tokenUsage: { input: 10, output: 20, total: 30, cached: 4, reasoning: 5 },
        costUsd: 0.001_25,
        model: 'demo/scripted',
        context: { customer: 'Jane' },
        warnings: ['old', 'new'],
        trace,
      });
      expect(await ports().runs.end(runId, 'a', end)).toBe('ended');
      const { trace: _, ...kept } = end;
      expect(await ports().runs.get(runId)).toMatchObject(kept);
      expect(await ports().runs.trace(runId)).toEqual(trace);
    });

    test('an empty output and a huge one are kept as they are', async () => {
      for (const output of ['', 'é'.repeat(300_000)]) {
        const runId = await storeRun(ports().runs);
        await ports().runs.claim(runId, someLease('a'));
        await ports().runs.end(runId, 'a', someEnd({ output }));
        expect((await ports().runs.get(runId))?.output).toBe(output);
      }
    });

    test('is written once', async () => {
      const runId = await storeRun(ports().runs);
      await ports().runs.claim(runId, someLease('a'));
      const ends = ['first', 'second'].map((output) => ports().runs.end(runId, 'a', someEnd({ output })));
      const outcomes = await Promise.all(ends);
      expect(outcomes.toSorted()).toEqual(['ended', 'lost']);
      const output = outcomes[0] === 'ended' ? 'first' : 'second';
      expect(await ports().runs.get(runId)).toMatchObject({ status: 'completed', output });
      expect((await ports().runs.claim(runId, someLease('b', noon + 999_999))).outcome).toBe('not-claimable');
      expect(await ports().runs.release(runId, 'a', noon, someInterruption)).toBe('lost');
    });

    test('only whoever holds the run saves its trace', async () => {
      const runId = await storeRun(ports().runs);
      await ports().runs.claim(runId, someLease('a'));
      const traceOf = (message: string) => ({
        spans: [],
        logs: [{ at: noon, level: 'info' as const, source: 'agent', message }],
      });
      await ports().runs.saveTrace(runId, 'a', traceOf('mine'));
      await ports().runs.saveTrace(runId, 'b', traceOf('not mine'));
      expect(await ports().runs.trace(runId)).toEqual(traceOf('mine'));
    });
  });

  describe('cancel', () => {
    const ports = freshPorts(open);

    test('a queued run never starts', async () => {
      const runId = await storeRun(ports().runs);
      expect(await ports().runs.requestCancel(runId, noon + 5)).toBe('cancelled');
      expect(await ports().runs.get(runId)).toMatchObject({ status: 'cancelled', endedAt: noon + 5 });
      expect((await ports().runs.claim(runId, someLease('a'))).outcome).toBe('not-claimable');
    });

    test('a running run is marked, and its executor told, also when it listens later', async () => {
      const runId = await storeRun(ports().runs);
      await ports().runs.claim(runId, someLease('a'));
      const told = () => new Promise<void>((resolve) => ports().signals.onCancel(runId, resolve));
      const early = told();
      expect(await ports().runs.requestCancel(runId, noon)).toBe('requested');
      await Promise.all([early, told()]);
      expect(await ports().runs.get(runId)).toMatchObject({ status: 'running', cancelRequested: true });
    });

    test('a run whose cancellation was requested is not released, and its executor can end it', async () => {
      const runId = await storeRun(ports().runs);
      await ports().runs.claim(runId, someLease('a'));
      await ports().runs.requestCancel(runId, noon);
      for (const interruption of [null, someInterruption]) {
        expect(await ports().runs.release(runId, 'a', noon, interruption)).toBe('cancel-requested');
      }
      expect(await ports().runs.release(runId, 'b', noon, null)).toBe('lost');
      expect(await ports().runs.get(runId)).toMatchObject({ status: 'running', interruptions: [] });
      const end = { ...nothingReported, status: 'cancelled', endedAt: noon + 5 } as const;
      expect(await ports().runs.end(runId, 'a', end)).toBe('ended');
      expect(await ports().runs.get(runId)).toMatchObject({ status: 'cancelled', endedAt: noon + 5 });
    });

    test('an ended and an unknown run cannot be cancelled', async () => {
      const runId = await storeRun(ports().runs);
      await ports().runs.claim(runId, someLease('a'));
      await ports().runs.end(runId, 'a', someEnd());
      expect(await ports().runs.requestCancel(runId, noon)).toBe('ended');
      expect(await ports().runs.requestCancel(someId(), noon)).toBe('missing');
      expect((await ports().runs.get(runId))?.status).toBe('completed');
    });
  });

  describe('signals', () => {
    const ports = freshPorts(open);
    const never = new AbortController().signal;

    test('whoever waits gets the ended run, whether it ends later or has ended', async () => {
      const runId = await storeRun(ports().runs);
      const waiting = ports().signals.whenEnded(runId, never);
      await ports().runs.claim(runId, someLease('a'));
      await ports().runs.end(runId, 'a', someEnd({ output: 'late' }));
      expect(await waiting).toMatchObject({ status: 'completed', output: 'late' });
      expect(await ports().signals.whenEnded(runId, never)).toMatchObject({ output: 'late' });
    });

    test('whoever stops waiting gets the run as it is', async () => {
      const runId = await storeRun(ports().runs);
      const patience = new AbortController();
      const waiting = ports().signals.whenEnded(runId, patience.signal);
      patience.abort();
      expect(await waiting).toMatchObject({ status: 'queued' });
    });
  });
}
