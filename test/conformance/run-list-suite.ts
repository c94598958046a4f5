import { describe, expect, test } from '@jest/globals';
import type { StorePorts } from '../../src/core/ports/engine.ts';
import type { RunQuery } from '../../src/core/ports/run-store.ts';
import { freshPorts, type OpenPorts } from './ports-under-test.ts';
import { noon, someLease, storeEndedRun, storeRun } from './samples.ts';

/** Every item of a list, page by page; fails on a cursor that leads in a circle. */
async function allRunIds(ports: StorePorts, query: Partial<RunQuery>): Promise<string[]> {
  const runIds: string[] = [];
  let cursor: string | null = null;
  do {
    const page = await ports.runs.list({ limit: 2, ...query, cursor });
    runIds.push(...page.items.map((run) => run.runId));
    cursor = page.nextCursor;
    expect(runIds.length).toBeLessThan(1_000);
  } while (cursor !== null);
  return runIds;
}

/** Lists of runs. */
export function describeRunLists(open: OpenPorts): void {
  describe('list', () => {
    const ports = freshPorts(open);

    test('is empty, without a cursor, where there are no runs', async () => {
      expect(await ports().runs.list({ limit: 10, cursor: null })).toEqual({ items: [], nextCursor: null });
    });

    test('shows every run once, newest first, page by page', async () => {
      const stored: string[] = [];
      for (let n = 0; n < 5; n++) stored.push(await storeRun(ports().runs, { at: noon + n }));
      expect(await allRunIds(ports(), {})).toEqual(stored.toReversed());
      const full = await ports().runs.list({ limit: 5, cursor: null });
      expect(full.nextCursor).toBeNull();
    });

    test('keeps its place while new runs arrive', async () => {
      const old = [
        await storeRun(ports().runs, { at: noon }),
        await storeRun(ports().runs, { at: noon + 1 }),
      ];
      const first = await ports().runs.list({ limit: 1, cursor: null });
      await storeRun(ports().runs, { at: noon + 2 });
      const second = await ports().runs.list({ limit: 1, cursor: first.nextCursor });
      expect([...first.items, ...second.items].map((run) => run.runId)).toEqual(old.toReversed());
    });

    test('sorts by the time of queueing, also after the clock has gone back', async () => {
      const late = await storeRun(ports().runs, { at: noon });
      const early = await storeRun(ports().runs, { at: noon - 3_600_000 });
      const alsoEarly = await storeRun(ports().runs, { at: noon - 3_599_999 });
      expect(await allRunIds(ports(), {})).toEqual([late, alsoEarly, early]);
    });

    test('filters by agent, connector, time and status, and by all of them', async () => {
      const a = await storeEndedRun(ports().runs, {}, { agents: ['clerk'], connectorId: 'inbox', at: noon });
      const b = await storeEndedRun(ports().runs, { status: 'failed' }, { agents: ['poet'], at: noon + 1 });
      const c = await storeRun(ports().runs, { agents: ['clerk'], connectorId: 'inbox', at: noon + 2 });
      const d = await storeRun(ports().runs, { agents: ['poet'], connectorId: 'inbox', at: noon + 3 });
      await ports().runs.claim(d, someLease('x', noon + 3));
      const e = await storeRun(ports().runs, { agents: ['clerk'], at: noon + 4 });
      await ports().runs.requestCancel(e, noon + 4);
      const found = (query: Partial<RunQuery>) => allRunIds(ports(), query);

      expect(await found({ agentName: 'clerk' })).toEqual([e, c, a]);
      expect(await found({ connectorId: 'inbox' })).toEqual([d, c, a]);
      expect(await found({ from: noon + 1, to: noon + 3 })).toEqual([c, b]);
      expect(await found({ statuses: ['completed'] })).toEqual([a]);
      expect(await found({ statuses: ['failed'] })).toEqual([b]);
      expect(await found({ statuses: ['queued'] })).toEqual([c]);
      expect(await found({ statuses: ['running'] })).toEqual([d]);
      expect(await found({ statuses: ['cancelled'] })).toEqual([e]);
      expect(await found({ statuses: ['failed', 'cancelled'] })).toEqual([e, b]);
      expect(await found({ agentName: 'clerk', connectorId: 'inbox', to: noon + 2 })).toEqual([a]);
      expect(await found({ agentName: 'nobody' })).toEqual([]);
    });

    test('filters by model and by duration, which only ended runs have', async () => {
      const gpt = { model: 'openai/gpt-5' };
      const a = await storeEndedRun(ports().runs, { ...gpt, endedAt: noon + 500 }, { at: noon });
      const b = await storeEndedRun(
        ports().runs,
        { model: 'demo/demo', endedAt: noon + 1 + 900 },
        { at: noon + 1 },
      );
      const c = await storeEndedRun(
        ports().runs,
        { ...gpt, status: 'failed', endedAt: noon + 2 + 900 },
        { at: noon + 2 },
      );
      await storeRun(ports().runs, { at: noon + 3 });
      const found = (query: Partial<RunQuery>) => allRunIds(ports(), query);

      expect(await found(gpt)).toEqual([c, a]);
      expect(await found({ minDurationMs: 900 })).toEqual([c, b]);
      expect(await found({ ...gpt, minDurationMs: 500, statuses: ['completed'] })).toEqual([a]);
      expect(await found({ ...gpt, agentName: 'clerk', minDurationMs: 501 })).toEqual([c]);
      expect(await found({ model: 'openai/gpt' })).toEqual([]);
    });

    test('searches payload, output and error in any case, and the context by key', async () => {
      const a = await storeEndedRun(ports().runs, { output: 'The answer is PARIS.' }, { at: noon });
      const error = { code: 'tool-error', message: 'Order not found' };
      const b = await storeEndedRun(ports().runs, { status: 'failed', error }, { at: noon + 1 });
      const c = await storeRun(ports().runs, { at: noon + 2, run: { payload: { say: '"Paris" 100%_' } } });
      const context = { customer: { tier: 'gold' }, retries: 3 };
      const d = await storeEndedRun(ports().runs, { context }, { at: noon + 3 });
      const long = `${'x'.repeat(300_000)} paris`;
      const e = await storeEndedRun(ports().runs, { output: long }, { at: noon + 4 });
      const found = (search: string) => allRunIds(ports(), { search });

      expect(await found('paris')).toEqual([e, c, a]);
      expect(await found('"paris"')).toEqual([c]);
      expect(await found('100%_')).toEqual([c]);
      expect(await found('ORDER NOT')).toEqual([b]);
      expect(await found('customer.tier=gold')).toEqual([d]);
      expect(await found('retries=3')).toEqual([d]);
      expect(await found('retries=4')).toEqual([]);
      expect(await found('nowhere')).toEqual([]);
    });

    test('refuses a cursor that it has not given', async () => {
      await expect(ports().runs.list({ limit: 1, cursor: 'bogus' })).rejects.toMatchObject({
        name: 'PermanentError',
        code: 'invalid-cursor',
      });
    });
  });
}
