import { describe, expect, test } from '@jest/globals';
import type { WireRunSummary } from '../../src/api/contract/run.ts';
import { mergeRuns } from './merge-runs.ts';

function run(run_id: string, change: Partial<WireRunSummary> = {}): WireRunSummary {
  return {
    run_id,
    agent_name: 'writer',
    connector_id: 'shop',
    trigger_id: run_id,
    parent_run_id: null,
    status: 'queued',
    error: null,
    queued_at: `2026-11-22T10:00:0${run_id}.000Z`,
    started_at: null,
    ended_at: null,
    attempts: 0,
    token_usage: null,
    cost_usd: null,
    model: null,
    ...change,
  };
}

const pages = {
  pages: [
    { items: [run('3'), run('2')], next_cursor: 'x' },
    { items: [run('1')], next_cursor: null },
  ],
  pageParams: [null, 'x'],
};
const merged = (changed: WireRunSummary[], filters = {}) =>
  mergeRuns(pages, new Map(changed.map((one) => [one.run_id, one])), filters).pages.map(({ items }) =>
    items.map(({ run_id, status }) => `${run_id} ${status}`),
  );

describe('a run list that follows what happens', () => {
  test('a known run gets its new state where it stands', () => {
    expect(merged([run('1', { status: 'completed' })])).toEqual([['3 queued', '2 queued'], ['1 completed']]);
  });

  test('new runs come first, the newest before the others', () => {
    expect(merged([run('4'), run('5')])).toEqual([
      ['5 queued', '4 queued', '3 queued', '2 queued'],
      ['1 queued'],
    ]);
  });

  test.each([
    [{ status: 'failed,completed' }],
    [{ agent: 'reader' }],
    [{ connector: 'other' }],
    [{ from: '2026-11-22T11:00:00.000Z' }],
    [{ to: '2026-11-22T09:00:00.000Z' }],
    [{ q: 'anything: only the server can tell' }],
  ])('a new run that %j leaves out stays away', (filters) => {
    expect(merged([run('4')], filters)).toEqual([['3 queued', '2 queued'], ['1 queued']]);
  });
});
