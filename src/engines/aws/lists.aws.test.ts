import { beforeAll, describe, expect, test } from '@jest/globals';
import { sampleDispatch, sampleEnd, sampleLease } from '../../../test/aws/samples.ts';
import { type TestEngine, testEngine } from '../../../test/aws/test-engine.ts';
import type { RunQuery } from '../../core/ports/run-store.ts';
import { type RunStatus, type RunSummary, runStatuses } from '../../core/runs/run.ts';

const runCount = 120;
const agents = ['one', 'two', 'rare'];
const connectors = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222', null];

let made: TestEngine;
/** The expected order of lists: newest first. */
const expected: RunSummary[] = [];

beforeAll(async () => {
  made = await testEngine();
  await Promise.all(Array.from({ length: runCount }, (_, index) => storeRun(index)));
  expected.sort((a, b) => (place(a) < place(b) ? 1 : -1));
});

const unscheduled = runStatuses.filter((status) => status !== 'scheduled');

/** Runs of every status but scheduled, several in the same millisecond. */
async function storeRun(index: number): Promise<void> {
  const { runs } = made.engine;
  const queuedAt = made.now + Math.floor(index / 3) * 1_000;
  const agentName = index % 40 === 0 ? 'rare' : (agents[index % 2] ?? '');
  const connectorId = connectors[index % 3] ?? null;
  const payload = { index, text: index % 7 === 0 ? 'Has the Needle in it' : 'hay' };
  const dispatch = sampleDispatch(queuedAt, { agents: [agentName], connectorId, payload });
  const runId = dispatch.runs[0]?.runId ?? '';
  await runs.dispatch(dispatch);
  await bring(runId, unscheduled[index % 5] ?? 'queued', queuedAt, index);
  const run = await runs.get(runId);
  if (run !== null) expected.push(run);
}

async function bring(
  runId: string,
  status: Exclude<RunStatus, 'scheduled'>,
  queuedAt: number,
  index: number,
): Promise<void> {
  const { runs } = made.engine;
  if (status === 'queued') return;
  const lease = sampleLease(queuedAt + 10);
  await runs.claim(runId, lease);
  if (status === 'running') return;
  const error = status === 'failed' ? { code: 'tool-error', message: 'The disk is full.' } : null;
  const tokenUsage = { input: index, output: 1, total: index + 1, cached: 0, reasoning: 0 };
  const end = {
    status,
    error,
    tokenUsage,
    costUsd: 0.5,
    output: `answer ${index}`,
    context: { order: { id: index } },
  };
  await runs.end(runId, lease.owner, sampleEnd(lease.now + index, end));
}

function place({ queuedAt, runId }: RunSummary): string {
  return `${queuedAt}#${runId}`;
}

/** Every item of a list, page by page; checks the pages' lengths. */
async function everyPage(query: Omit<RunQuery, 'cursor' | 'limit'>, limit: number): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | null = null;
  do {
    const page = await made.engine.runs.list({ ...query, limit, cursor });
    expect(page.items.length).toBeLessThanOrEqual(limit);
    ids.push(...page.items.map((run) => run.runId));
    cursor = page.nextCursor;
  } while (cursor !== null);
  return ids;
}

function idsWhere(belongs: (run: RunSummary) => boolean): string[] {
  return expected.filter(belongs).map((run) => run.runId);
}

describe('the list of runs', () => {
  test.each([3, 7, 100])('gives every run once, newest first, in pages of %d', async (limit) => {
    expect(await everyPage({}, limit)).toEqual(idsWhere(() => true));
  });

  test('shows each run as it is now', async () => {
    const page = await made.engine.runs.list({ limit: 3, cursor: null });
    const summaries = await Promise.all(page.items.map((run) => made.engine.runs.get(run.runId)));
    page.items.forEach((run, index) => {
      expect(summaries[index]).toMatchObject(run);
    });
  });

  test.each(runStatuses)('of status %s', async (status) => {
    expect(await everyPage({ statuses: [status] }, 10)).toEqual(idsWhere((run) => run.status === status));
  });

  test('of several statuses at once', async () => {
    const statuses: RunStatus[] = ['failed', 'cancelled'];
    expect(await everyPage({ statuses }, 10)).toEqual(idsWhere((run) => statuses.includes(run.status)));
    const withCompleted: RunStatus[] = ['failed', 'completed'];
    expect(await everyPage({ statuses: withCompleted }, 10)).toEqual(
      idsWhere((run) => withCompleted.includes(run.status)),
    );
  });

  test.each(agents)('of agent %s, alone and with a status', async (agentName) => {
    expect(await everyPage({ agentName }, 10)).toEqual(idsWhere((run) => run.agentName === agentName));
    for (const status of ['failed', 'completed'] as const) {
      expect(await everyPage({ agentName, statuses: [status] }, 2)).toEqual(
        idsWhere((run) => run.agentName === agentName && run.status === status),
      );
    }
  });

  test('of a connector, alone and with an agent and a status', async () => {
    const connectorId = connectors[1] ?? '';
    expect(await everyPage({ connectorId }, 10)).toEqual(idsWhere((run) => run.connectorId === connectorId));
    expect(await everyPage({ connectorId, agentName: 'two', statuses: ['queued'] }, 10)).toEqual(
      idsWhere(
        (run) => run.connectorId === connectorId && run.agentName === 'two' && run.status === 'queued',
      ),
    );
    expect(await everyPage({ connectorId, agentName: 'two' }, 10)).toEqual(
      idsWhere((run) => run.connectorId === connectorId && run.agentName === 'two'),
    );
  });

  test('between two times, the first included and the last not', async () => {
    const [from, to] = [made.now + 5_000, made.now + 9_000];
    const between = (run: RunSummary) => run.queuedAt >= from && run.queuedAt < to;
    expect(await everyPage({ from, to }, 4)).toEqual(idsWhere(between));
    expect(idsWhere(between)).toHaveLength(12);
    expect(await everyPage({ from: to, to: from }, 4)).toEqual([]);
  });

  test('with a text in payload, output or error, whatever its case', async () => {
    const needles = await everyPage({ search: 'needle' }, 5);
    const runs = await Promise.all(expected.map((run) => made.engine.runs.get(run.runId)));
    const having = runs.filter((run) => run?.payload.text.includes('Needle'));
    expect(needles).toEqual(having.map((run) => run?.runId));
    expect(needles).toHaveLength(18);
    expect(await everyPage({ search: 'disk is FULL' }, 50)).toEqual(
      idsWhere((run) => run.status === 'failed'),
    );
    expect(await everyPage({ search: 'answer 42' }, 50)).toHaveLength(1);
  });

  test('with key=value on the context', async () => {
    const [found, ...others] = await everyPage({ search: 'order.id=42' }, 50);
    expect(others).toEqual([]);
    expect(await made.engine.runs.get(found ?? '')).toMatchObject({ context: { order: { id: 42 } } });
    expect(await everyPage({ search: 'region=north', statuses: ['queued'] }, 50)).toHaveLength(24);
  });

  test('refuses a cursor that is none', async () => {
    await expect(made.engine.runs.list({ limit: 5, cursor: 'x' })).rejects.toMatchObject({
      code: 'invalid-cursor',
    });
  });
});

describe('statistics', () => {
  test('count runs, tokens, cost and durations in their buckets', async () => {
    const { buckets } = await made.engine.runs.stats({
      from: made.now,
      to: made.now + 40_000,
      bucketMs: 10_000,
    });
    expect(buckets.map((bucket) => bucket.from - made.now)).toEqual([0, 10_000, 20_000, 30_000]);
    for (const bucket of buckets) {
      const inBucket = expected.filter(
        ({ queuedAt }) => queuedAt >= bucket.from && queuedAt < bucket.from + 10_000,
      );
      for (const status of runStatuses) {
        expect(bucket.runs[status]).toBe(inBucket.filter((run) => run.status === status).length);
      }
      expect(bucket.tokens.input).toBe(inBucket.reduce((sum, run) => sum + (run.tokenUsage?.input ?? 0), 0));
      expect(bucket.costUsd).toBeCloseTo(inBucket.reduce((sum, run) => sum + (run.costUsd ?? 0), 0));
      const durations = inBucket
        .flatMap(({ startedAt, endedAt }) =>
          startedAt !== null && endedAt !== null ? [endedAt - startedAt] : [],
        )
        .sort((a, b) => a - b);
      expect(bucket.durationMs).toEqual({ p50: durations[8], p95: durations[17] });
    }
  });

  test('of one agent leave out the others, and an empty bucket has no durations', async () => {
    const { buckets } = await made.engine.runs.stats({
      from: made.now,
      to: made.now + 80_000,
      bucketMs: 40_000,
      agentName: 'rare',
    });
    const [bucket, after] = buckets;
    expect(bucket?.runs).toEqual({
      scheduled: 0,
      queued: 3,
      running: 0,
      completed: 0,
      failed: 0,
      cancelled: 0,
    });
    expect(after?.durationMs).toBeNull();
  });
});
