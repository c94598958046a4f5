import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Command } from 'commander';
import * as z from 'zod';
import { useCommandTarget } from '../../test/command-target.ts';
import { eventually } from '../../test/scenarios/eventually.ts';
import { commandLine } from './command-line.ts';

const target = useCommandTarget();

/** Commands that print something else, and where they are tested. */
const others: Readonly<Record<string, string>> = {
  start: 'start/start.test.ts',
  plan: 'it needs files: commands/as-code.test.ts',
  apply: 'it needs files: commands/as-code.test.ts',
  export: 'it writes files: commands/as-code.test.ts',
  'named-secrets set': 'it reads stdin: commands/as-code.test.ts',
  'named-secrets delete': 'it needs a secret: commands/as-code.test.ts',
  receive: 'it runs until it is stopped: receive/receive.test.ts',
  'connections test': 'it fails without the account: commands/connections.test.ts',
  test: 'it fails without a receiver: commands/connectors.test.ts',
  completion: 'it prints a script of a shell: completion/completion.test.ts',
};

/** Every command, with arguments that succeed. */
const commands: Readonly<Record<string, readonly string[]>> = {
  dashboard: [],
  health: [],
  check: [],
  cost: ['--runs-per-month', '1000'],
  'api-keys list': [],
  'api-keys create': ['one'],
  'api-keys revoke': ['old', '--yes'],
  create: ['sync', '--agent', 'echo'],
  list: [],
  show: ['in'],
  change: ['renamed', '--name', 'changed'],
  'connections list': [],
  'connections show': ['shared'],
  'connections create': ['another', '--type', 'kafka', '--set', 'bootstrap_servers=127.0.0.1:1'],
  'connections change': ['shared', '--set', 'bootstrap_servers=127.0.0.1:2'],
  'connections delete': ['unused', '--yes'],
  'connections types': [],
  'budgets list': [],
  'budgets create': ['another budget', '--limit', '100', '--measure', 'runs', '--per', 'day'],
  'budgets show': ['spent'],
  'budgets change': ['spent', '--limit', '2000'],
  'budgets delete': ['unused budget', '--yes'],
  pause: ['paused'],
  resume: ['resumed'],
  'send-through': ['FILTERED'],
  'try-filter': ['filters', '{"word": "hello"}'],
  link: ['links', 'shout'],
  unlink: ['unlinks', 'echo'],
  enable: ['enabled', '--held', 'keep'],
  disable: ['disabled'],
  url: ['in'],
  secret: ['in'],
  rotate: ['rotated'],
  delete: ['unwanted', '--yes'],
  types: [],
  schema: [],
  'named-secrets list': [],
  'audit-log': [],
  send: ['in', '{}'],
  'next-runs': ['clock'],
  'run-now': ['clock'],
  lag: ['clock'],
  history: ['clock'],
  triggers: ['TRIGGER'],
  refused: [],
  agents: [],
  run: ['echo', 'hello'],
  runs: ['--limit', '1'],
  logs: [],
  cancel: ['RUN'],
  reschedule: ['LATER', '--in', '2h'],
  'run-again': ['ENDED'],
  deliveries: [],
  redeliver: ['--status', 'failed'],
  drop: ['--connector', 'out'],
  'dead-letters': [],
  retry: [],
};

const startedRun = z.object({ run_id: z.string() });
const triggerList = z.object({ items: z.array(z.object({ trigger_id: z.string() })) });
const shownRun = z.object({ status: z.string(), trigger_id: z.string() });
let ids: Readonly<Record<string, string>> = {};

beforeAll(async () => {
  const inbound = [
    'in',
    'renamed',
    'links',
    'enabled',
    'disabled',
    'rotated',
    'unwanted',
    'paused',
    'resumed',
  ];
  await Promise.all(inbound.map((name) => target.make(name, 'inbound', ['echo'])));
  await target.make('unlinks', 'inbound', ['echo']);
  await target.make('out', 'outbound', ['echo'], { url: 'http://127.0.0.1:9/' });
  const clock = ['create', 'inbound', '--type', 'cron', '--agent', 'echo', '--name', 'clock'];
  await target.text(...clock, '--set', 'schedule=0 0 1 1 *');
  await target.text('api-keys', 'create', 'old');
  for (const name of ['shared', 'unused']) {
    await target.text(
      'connections',
      'create',
      name,
      '--type',
      'kafka',
      '--set',
      'bootstrap_servers=127.0.0.1:1',
    );
  }
  for (const name of ['spent', 'unused budget'])
    await target.text('budgets', 'create', name, '--limit', '1000', '--measure', 'runs', '--per', 'day');
  await target.text('pause', 'resumed');
  const filters = ['create', 'inbound', '--agent', 'echo', '--name', 'filters'];
  await target.text(...filters, '--filter', 'input.word == "wanted"');
  await target.text('send', 'filters', '{"word": "hello"}');
  const filtered = await target.json(triggerList, 'triggers', '--outcome', 'filtered');
  const ended = await target.json(startedRun, 'run', 'shout', 'x', '--no-wait');
  const parked = await target.json(startedRun, 'run', 'wait', '{"ms": 600000}', '--no-wait');
  const later = await target.json(startedRun, 'run', 'shout', 'x', '--in', '1h');
  await eventually('the run to end', async () => {
    const run = await target.json(shownRun, 'runs', ended.run_id);
    ids = {
      FILTERED: filtered.items[0]?.trigger_id ?? '',
      RUN: parked.run_id,
      LATER: later.run_id,
      ENDED: ended.run_id,
      TRIGGER: run.trigger_id,
    };
    return run.status === 'completed';
  });
});

function leavesOf(command: Command, path: readonly string[] = []): string[] {
  return command.commands.flatMap((one) =>
    one.commands.length > 0 ? leavesOf(one, [...path, one.name()]) : [[...path, one.name()].join(' ')],
  );
}

describe('--json', () => {
  test('is tried with every command', async () => {
    const known = [...Object.keys(commands), ...Object.keys(others)];
    expect(known.sort()).toEqual(leavesOf(await commandLine()).sort());
  });

  test.each(Object.entries(commands).filter(([name]) => name !== 'retry'))(
    '%s prints JSON and nothing else',
    async (name, args) => {
      const given = args.map((arg) => ids[arg] ?? arg);
      const { exitCode, stdout, stderr } = await target.run(...name.split(' '), ...given, '--json');
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
      expect(() => JSON.parse(stdout)).not.toThrow();
    },
  );

  test('leaves stdout empty where a command fails', async () => {
    const refused = await target.run('retry', 'nothing-of-this-id', '--json');
    expect(refused).toMatchObject({ exitCode: 3, stdout: '' });
    expect(refused.stderr).toMatch(/^error: There is no dead letter/);
  });
});
