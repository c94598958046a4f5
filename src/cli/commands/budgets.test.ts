import { describe, expect, test } from '@jest/globals';
import { useCommandTarget } from '../../../test/command-target.ts';
import { budgetList, createdConnector, wireBudget } from '../../api/contract/index.ts';

const { run, text, json } = useCommandTarget();

describe('budgets', () => {
  test('are said to be missing, and how to make one', async () => {
    expect(await text('budgets')).toBe(
      'No budgets yet. Create one: npx connectors budgets create <name> --limit <amount>\n',
    );
  });

  test('are created, shown, listed, changed, and deleted', async () => {
    const tokens = ['--measure', 'tokens', '--per', 'hour', '--time-zone', 'Europe/Berlin'];
    const created = await text('budgets', 'create', 'hourly', '--limit', '5_000', ...tokens);
    expect(created).toMatch(/limit +5,000 tokens an hour \(Europe\/Berlin\)\n/);
    expect(created).toMatch(/used +0 tokens \(0%\)\n/);
    expect(created).toMatch(/warning +from 80% on\nat the limit +hold: runs wait\nwaiting runs +0\n/);
    expect(created).toContain(
      '\n\nSee its usage, and how many runs wait:\nnpx connectors budgets show hourly\n',
    );
    expect(await text('budgets', 'list')).toMatch(
      /hourly +all runs +5,000 tokens an hour +0 tokens \(0%\) +20\S+ \S+ +hold +0 /,
    );
    const change = ['--limit', '6000', '--no-warning', '--on-limit', 'stop'];
    const changed = await json(wireBudget, 'budgets', 'change', 'hourly', ...change);
    expect(changed).toMatchObject({ limit: 6_000, warn_at: null, on_limit: 'stop', period: 'hour' });
    expect(await text('budgets', 'show', changed.id)).toMatch(/warning +none/);
    expect(await text('budgets', 'delete', 'hourly', '--yes')).toBe('Deleted "hourly".\n');
    expect((await json(budgetList, 'budgets')).items).toEqual([]);
  });

  test('count an agent, a connector, or each session', async () => {
    const create = (name: string, ...scope: string[]) =>
      json(wireBudget, 'budgets', 'create', name, '--limit', '1', '--measure', 'tokens', ...scope);
    const { id } = await json(createdConnector, 'create', 'inbound', '--agent', 'echo', '--name', 'orders');
    expect((await create('one', '--agent', 'echo')).scope).toEqual({ type: 'agent', id: 'echo' });
    expect((await create('two', '--connector', 'orders')).scope).toEqual({ type: 'connector', id });
    expect((await create('three', '--session')).scope).toEqual({ type: 'session', id: null });
    expect((await create('four', '--concurrency', 'a')).scope).toEqual({ type: 'concurrency', id: 'a' });
    expect(await create('five', '--per', 'run')).toMatchObject({
      on_limit: 'stop',
      used: null,
      resets_at: null,
    });
    const list = await text('budgets');
    expect(list).toMatch(/three +each session key +1 token a day/);
    expect(list).toMatch(/four +concurrency key a /);
    expect(list).toMatch(/five +each run +1 token a run +- +- +stop/);
  });

  test('that are not meant are refused with a sentence', async () => {
    const errorOf = async (...args: string[]) => {
      const { exitCode, stderr } = await run('budgets', ...args);
      return [exitCode, stderr.split('\n')[0]];
    };
    expect(await errorOf('show', 'yearly')).toEqual([
      3,
      'error: No budget named "yearly". List them with: npx connectors budgets',
    ]);
    expect(await errorOf('change', 'five')).toEqual([
      2,
      'error: Nothing to change. Pass --name, --limit, --warn-at, --no-warning, or --on-limit.',
    ]);
    expect(await errorOf('create', 'no', '--limit', '1', '--agent', 'echo', '--session')).toEqual([
      2,
      'error: A budget has one scope. Pass one of --agent, --connector, --session, and --concurrency.',
    ]);
    expect(await errorOf('create', 'one', '--limit', '1')).toEqual([
      1,
      'error: A budget named "one" already exists. Use another name.',
    ]);
  });
});
