import { randomBytes } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { beforeAll, describe, expect, test } from '@jest/globals';
import {
  newId,
  sampleDispatch,
  sampleEnd,
  sampleInterruption,
  sampleLease,
} from '../../../../test/aws/samples.ts';
import { type TestEngine, testEngine } from '../../../../test/aws/test-engine.ts';
import type { RunStore } from '../../../core/ports/run-store.ts';
import { emptyTrace, type Trace } from '../../../core/runs/trace.ts';
import { runKey, triggerKey } from '../store/keys.ts';
import { openTable } from '../store/table.ts';

let made: TestEngine;
let runs: RunStore;
beforeAll(async () => {
  made = await testEngine();
  runs = made.engine.runs;
});

/** Stores a run of `echo` and returns its id. */
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
    expect(stored?.payload.value).toEqual(payload);
  });
});

test('a run whose trigger is no longer stored is loaded with that said, not with an empty payload', async () => {
  const dispatch = sampleDispatch(made.now, { triggerId: newId(made.now) });
  const runId = await storeRun(dispatch);
  const table = openTable(made.clients.dynamo, made.resources.tableName);
  await table.delete(triggerKey(dispatch.trigger.triggerId));
  const another = made.another().runs;
  const claimed = await another.claim(runId, sampleLease(made.now));
  if (claimed.outcome !== 'claimed') throw new Error(claimed.outcome);
  expect(await another.load(claimed.run)).toMatchObject({
    payload: { text: 'null' },
    unreadable: { payload: 'The payload of the run is no longer stored.' },
  });
});

test.each([
  ['of 10 days', 10, { payload: 'x' }],
  [
    'of 10 days, with a payload that lies in the bucket',
    10,
    { payload: randomBytes(150_000).toString('hex') },
  ],
  ['of 6 days', 6, { payload: 'x' }],
])(
  'a run is kept for 30 days from its end, and its trigger no shorter, after a wait %s',
  async (_, waited, payload) => {
    const dispatch = sampleDispatch(made.now, { payload, triggerId: newId(made.now) });
    const runId = await storeRun(dispatch);
    const endedAt = made.now + waited * 86_400_000;
    const lease = sampleLease(endedAt);
    expect(await runs.claim(runId, lease)).toMatchObject({ outcome: 'claimed' });
    expect(await runs.end(runId, lease.owner, sampleEnd(endedAt))).toBe('ended');
    const table = openTable(made.clients.dynamo, made.resources.tableName);
    const keptUntil = endedAt / 1_000 + 30 * 86_400;
    expect(await table.get(runKey(runId))).toMatchObject({ expiresAt: keptUntil });
    const trigger = await table.get(triggerKey(dispatch.trigger.triggerId));
    expect(trigger?.['expiresAt']).toBeGreaterThanOrEqual(keptUntil);
    const stored = await made.another().runs.get(runId);
    expect(isDeepStrictEqual(stored?.payload.value, payload)).toBe(true);
  },
);

describe('a lease', () => {
  test('is given to one of many that ask at once', async () => {
    const runId = await storeRun();
    const claims = await Promise.all(
      Array.from({ length: 12 }, () => runs.claim(runId, sampleLease(made.now))),
    );
    expect(claims.filter(({ outcome }) => outcome === 'claimed')).toHaveLength(1);
    expect(claims.filter(({ outcome }) => outcome === 'not-claimable')).toHaveLength(11);
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
});

describe('slots', () => {
  test('let as many runs in as there are places, however many ask at once', async () => {
    const slot = { key: `${newId(made.now)}\n${'long '.repeat(1_000)}`, limit: 3 };
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
    await runs.release(crashed, again.owner, lease.until, sampleInterruption);
    expect(await runs.claim(other, sampleLease(lease.until, [slot]))).toMatchObject({ outcome: 'claimed' });
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
