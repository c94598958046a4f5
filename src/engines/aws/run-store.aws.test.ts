import { beforeAll, describe, expect, test } from '@jest/globals';
import { newId, sampleDispatch, sampleEnd, sampleLease } from '../../../test/aws/samples.ts';
import { type TestEngine, testEngine } from '../../../test/aws/test-engine.ts';
import type { RunStore } from '../../core/ports/run-store.ts';
import { emptyTrace, type Trace } from '../../core/trace.ts';

let made: TestEngine;
let runs: RunStore;
beforeAll(async () => {
  made = await testEngine();
  runs = made.engine.runs;
});

/** A stored run of `echo`; its id. */
async function storeRun(dispatch = sampleDispatch(made.now)): Promise<string> {
  await runs.dispatch(dispatch);
  return dispatch.runs[0]?.runId ?? '';
}

describe('dispatch', () => {
  test('stores a trigger with all its runs, which share its payload', async () => {
    const dispatch = sampleDispatch(made.now, { agents: ['one', 'two', 'three'], payload: { n: 1e300 } });
    expect(await runs.dispatch(dispatch)).toEqual({ outcome: 'stored' });
    const stored = await Promise.all(dispatch.runs.map((run) => runs.get(run.runId)));
    expect(stored).toEqual(dispatch.runs);
  });

  test('of the same trigger twice, at once, makes one set of runs', async () => {
    const triggerId = newId(made.now);
    const copies = [1, 2, 3, 4].map(() => sampleDispatch(made.now, { triggerId, agents: ['one', 'two'] }));
    const outcomes = await Promise.all(copies.map((copy) => runs.dispatch(copy)));
    const stored = copies[outcomes.findIndex(({ outcome }) => outcome === 'stored')];
    const runIds = stored?.runs.map((run) => run.runId);
    expect(outcomes.filter(({ outcome }) => outcome === 'stored')).toHaveLength(1);
    expect(outcomes.filter(({ outcome }) => outcome === 'repeated')).toEqual(
      Array.from({ length: 3 }, () => ({ outcome: 'repeated', runIds })),
    );
  });

  test('with a repeat key gives the first runs, refuses another event, and forgets in time', async () => {
    const repeat = { key: 'k'.repeat(3_000), fingerprint: 'f', validForMs: 1_000 };
    const connectorId = newId(made.now);
    const attempt = (now: number, fingerprint = 'f') =>
      runs.dispatch({ ...sampleDispatch(now, { connectorId }), repeat: { ...repeat, fingerprint } });
    const first = { ...sampleDispatch(made.now, { connectorId }), repeat };
    expect(await runs.dispatch(first)).toEqual({ outcome: 'stored' });
    expect(await attempt(made.now + 999)).toEqual({ outcome: 'repeated', runIds: [first.runs[0]?.runId] });
    expect(await attempt(made.now + 999, 'other')).toEqual({ outcome: 'mismatch' });
    expect(await attempt(made.now + 1_000, 'other')).toEqual({ outcome: 'stored' });
  });

  test('takes 95 agents and refuses more before anything is stored', async () => {
    const agents = Array.from({ length: 95 }, (_, index) => `agent-${index}`);
    const repeat = { key: 'many', fingerprint: 'f', validForMs: 1_000 };
    const many = { ...sampleDispatch(made.now, { agents }), repeat };
    expect(await runs.dispatch(many)).toEqual({ outcome: 'stored' });
    const tooMany = sampleDispatch(made.now, { agents: [...agents, 'one-more'] });
    await expect(runs.dispatch(tooMany)).rejects.toMatchObject({ code: 'too-many-agents' });
    expect(await runs.get(tooMany.runs[0]?.runId ?? '')).toBeNull();
  });

  test('keeps a payload of megabytes in the bucket, and gives it back whole', async () => {
    const payload = {
      files: [
        {
          data: Buffer.from(crypto.getRandomValues(new Uint8Array(60_000)))
            .toString('hex')
            .repeat(30),
        },
      ],
    };
    const dispatch = sampleDispatch(made.now, { payload, agents: ['one', 'two'] });
    await runs.dispatch(dispatch);
    const stored = await made.another().runs.get(dispatch.runs[1]?.runId ?? '');
    expect(stored?.payload).toEqual(payload);
  });
});

describe('a lease', () => {
  test('is given to one of many that ask at once', async () => {
    const runId = await storeRun();
    const claims = await Promise.all(
      Array.from({ length: 12 }, () => runs.claim(runId, sampleLease(made.now))),
    );
    expect(claims.filter(({ outcome }) => outcome === 'claimed')).toHaveLength(1);
    expect(claims.filter(({ outcome }) => outcome === 'not-claimable')).toHaveLength(11);
  });

  test('that has run out is taken over, and its holder has lost the run', async () => {
    const runId = await storeRun();
    const first = sampleLease(made.now);
    await runs.claim(runId, first);
    expect(await runs.claim(runId, sampleLease(first.until - 1))).toEqual({ outcome: 'not-claimable' });
    const second = sampleLease(first.until);
    expect(await runs.claim(runId, second)).toMatchObject({
      outcome: 'claimed',
      run: { status: 'running', attempts: 2, startedAt: second.now },
    });
    expect(await runs.end(runId, first.owner, sampleEnd(made.now))).toBe('lost');
    expect(await runs.release(runId, first.owner, made.now)).toBe('lost');
    expect(await runs.end(runId, second.owner, sampleEnd(made.now))).toBe('ended');
  });

  test('that is given back leaves the run in the queue until its time', async () => {
    const runId = await storeRun();
    const lease = sampleLease(made.now);
    await runs.claim(runId, lease);
    expect(await runs.release(runId, lease.owner, made.now + 10_000)).toBe('released');
    expect(await runs.get(runId)).toMatchObject({ status: 'queued', attempts: 1, startedAt: null });
    expect(await runs.claim(runId, sampleLease(made.now + 9_999))).toEqual({ outcome: 'not-claimable' });
    expect(await runs.claim(runId, sampleLease(made.now + 10_000))).toMatchObject({ outcome: 'claimed' });
  });

  test('held from the dispatch on makes the run a running one', async () => {
    const lease = sampleLease(made.now);
    const runId = await storeRun({ ...sampleDispatch(made.now), lease });
    expect(await runs.get(runId)).toMatchObject({ status: 'running', attempts: 1, startedAt: made.now });
    expect(await runs.end(runId, lease.owner, sampleEnd(made.now + 1))).toBe('ended');
  });
});

describe('an end', () => {
  test('is written once, by one of many', async () => {
    const runId = await storeRun();
    const lease = sampleLease(made.now);
    await runs.claim(runId, lease);
    const ends = Array.from({ length: 8 }, (_, index) =>
      sampleEnd(made.now + index, { output: `answer ${index}` }),
    );
    const outcomes = await Promise.all(ends.map((end) => runs.end(runId, lease.owner, end)));
    expect(outcomes.filter((outcome) => outcome === 'ended')).toHaveLength(1);
    const stored = await runs.get(runId);
    expect(stored).toMatchObject({ status: 'completed', endedAt: ends[outcomes.indexOf('ended')]?.endedAt });
  });

  test('repeated with the same words is still the same end', async () => {
    const runId = await storeRun();
    const lease = sampleLease(made.now);
    await runs.claim(runId, lease);
    const end = sampleEnd(made.now + 5);
    expect(await runs.end(runId, lease.owner, end)).toBe('ended');
    expect(await runs.end(runId, lease.owner, end)).toBe('ended');
  });

  test('keeps output, context, warnings, usage and cost', async () => {
    const runId = await storeRun();
    const lease = sampleLease(made.now);
    await runs.claim(runId, lease);
    const tokenUsage = { input: 10, output: 5, total: 15, cached: 2, reasoning: 1 };
    const output = Array.from({ length: 200_000 }, () => Math.random().toString(36).at(-1)).join('');
    const end = sampleEnd(made.now + 5, {
      output,
      context: { a: 1 },
      warnings: ['w'],
      tokenUsage,
      costUsd: 0.25,
    });
    await runs.end(runId, lease.owner, end);
    const { trace: _trace, ...expected } = end;
    expect(await runs.get(runId)).toMatchObject(expected);
  });
});

describe('slots', () => {
  test('let as many runs in as there are places, however many ask at once', async () => {
    const slot = { key: newId(made.now), limit: 3 };
    const runIds = await Promise.all(Array.from({ length: 8 }, () => storeRun()));
    const leases = runIds.map(() => sampleLease(made.now, [slot]));
    const claims = await Promise.all(
      runIds.map(async (runId, index) => {
        const lease = leases[index];
        for (let attempt = 0; lease !== undefined && attempt < 10; attempt++) {
          const claimed = await runs.claim(runId, lease).catch(() => null);
          if (claimed !== null) return claimed;
        }
        throw new Error('the slot is never free of conflicts');
      }),
    );
    expect(claims.filter(({ outcome }) => outcome === 'claimed')).toHaveLength(3);
    expect(claims).toContainEqual({ outcome: 'busy', slot: slot.key });

    const ended = claims.findIndex(({ outcome }) => outcome === 'claimed');
    await runs.end(runIds[ended] ?? '', leases[ended]?.owner ?? '', sampleEnd(made.now));
    const waiting = claims.findIndex(({ outcome }) => outcome === 'busy');
    const claim = await runs.claim(runIds[waiting] ?? '', sampleLease(made.now, [slot]));
    expect(claim).toMatchObject({ outcome: 'claimed' });
  });

  test('of an expired lease go to the same run again, and to no other', async () => {
    const slot = { key: newId(made.now), limit: 1 };
    const [crashed, other] = [await storeRun(), await storeRun()];
    const lease = sampleLease(made.now, [slot]);
    await runs.claim(crashed, lease);
    expect(await runs.claim(other, sampleLease(lease.until, [slot]))).toEqual({
      outcome: 'busy',
      slot: slot.key,
    });
    const again = sampleLease(lease.until, [slot]);
    expect(await runs.claim(crashed, again)).toMatchObject({ outcome: 'claimed' });
    await runs.release(crashed, again.owner, lease.until);
    expect(await runs.claim(other, sampleLease(lease.until, [slot]))).toMatchObject({ outcome: 'claimed' });
  });
});

describe('cancelling', () => {
  test('ends a queued run at once, and marks a running one', async () => {
    const queued = await storeRun();
    expect(await runs.requestCancel(queued, made.now)).toBe('cancelled');
    expect(await runs.requestCancel(queued, made.now)).toBe('ended');
    expect(await runs.claim(queued, sampleLease(made.now))).toEqual({ outcome: 'not-claimable' });

    const running = await storeRun();
    await runs.claim(running, sampleLease(made.now));
    expect(await runs.requestCancel(running, made.now)).toBe('requested');
    expect(await runs.get(running)).toMatchObject({ status: 'running', cancelRequested: true });
    expect(await runs.requestCancel(newId(made.now), made.now)).toBe('missing');
  });
});

describe('a trace', () => {
  const traceOf = (name: string): Trace => ({
    ...emptyTrace,
    logs: [{ at: 1, level: 'info', source: 'agent', message: name }],
  });

  test('can be watched, and a late one never replaces that of the end', async () => {
    const runId = await storeRun();
    const lease = sampleLease(made.now);
    await runs.claim(runId, lease);
    expect(await runs.trace(runId)).toEqual(emptyTrace);
    await runs.saveTrace(runId, lease.owner, traceOf('live'));
    expect(await runs.trace(runId)).toEqual(traceOf('live'));
    await runs.end(runId, lease.owner, sampleEnd(made.now, { trace: traceOf('end') }));
    await runs.saveTrace(runId, lease.owner, traceOf('late'));
    expect(await runs.trace(runId)).toEqual(traceOf('end'));
  });

  test('of an executor that has lost the run is not shown', async () => {
    const runId = await storeRun();
    const lost = sampleLease(made.now);
    await runs.claim(runId, lost);
    const holder = sampleLease(lost.until);
    await runs.claim(runId, holder);
    await runs.saveTrace(runId, holder.owner, traceOf('holder'));
    await runs.saveTrace(runId, lost.owner, traceOf('lost'));
    expect(await runs.trace(runId)).toEqual(traceOf('holder'));
  });
});
