import { describe, expect, test } from '@jest/globals';
import { useCommandTarget } from '../../../test/command-target.ts';
import { connectors } from '../../../test/connectors-command.ts';
import { eventually } from '../../../test/scenarios/eventually.ts';
import { runPage, wireRun } from '../../api/contract/index.ts';

const target = useCommandTarget();
const { run, text, json, make } = target;

describe('agents and runs', () => {
  test('agents are listed and shown', async () => {
    expect(await text('agents')).toMatch(/echo +tool/);
    expect(await text('agents', 'pipeline')).toContain('→');
    const guarded = await text('agents', 'guarded-shout');
    expect(guarded).toMatch(/^input guardrails +pii \(redact\), short \(custom, block\), regex \(warn\)$/m);
    expect(guarded).toMatch(/^output guardrails +no-secrets \(regex, block\)$/m);
  });

  test('an agent runs by hand, and its output is printed', async () => {
    expect(await text('run', 'shout', 'hello')).toBe('HELLO\n');
    expect(await json(wireRun, 'run', 'shout', 'hello')).toMatchObject({
      status: 'completed',
      output: 'HELLO',
    });
  });

  test('a run for later prints its id, and is moved, started now, or refused once it has ended', async () => {
    const scheduled = await run('run', 'shout', 'later', '--in', '1h');
    expect(scheduled.stderr).toMatch(/^The run is due at \d{4}-\d\d-\d\d /);
    const runId = scheduled.stdout.trim();
    expect(await text('runs', '--status', 'scheduled')).toContain(runId);
    expect(await text('runs', runId)).toMatch(/due +\d{4}-\d\d-\d\d .* \(in \d+ \w+\)/);
    expect(await text('reschedule', runId, '--in', '2h')).toMatch(/^The run is due at /);
    expect(await text('reschedule', runId, '--now')).toBe('The run starts now.\n');
    await eventually('the run to end', async () => (await json(wireRun, 'runs', runId)).ended_at !== null);
    const late = await run('reschedule', runId, '--now');
    expect(late.stderr).toContain(
      'The run is not scheduled: it has started, has ended, or waits in the queue.',
    );
  });

  test.each([
    [['run', 'shout', 'x', '--at', 'soon'], 'Expected a time, such as 2026-12-24T18:00Z.'],
    [
      ['run', 'shout', 'x', '--in', '1h', '--at', '2030-01-01'],
      "option '--in <duration>' cannot be used with option '--at <time>'",
    ],
    [['run', 'shout', 'x', '--at', '2020-01-01'], 'at: is in the past.'],
    [['reschedule', 'some-run'], 'Pass one of --at, --in, and --now.'],
    [['reschedule', 'some-run', '--now', '--in', '1h'], 'Pass one of --at, --in, and --now.'],
  ])('%s says what is wrong', async (args, sentence) => {
    const refused = await run(...args);
    expect(refused.exitCode).not.toBe(0);
    expect(refused.stderr).toContain(sentence);
  });

  test('a run that fails makes the command fail', async () => {
    const failed = await run('run', 'fail', '{"reason": "no stock"}');
    expect(failed.exitCode).toBe(1);
    expect(failed.stderr).toMatch(/error: The run failed: .*no stock.* \(tool-error\)/);
    expect(failed.stderr).toMatch(/\nSee: npx connectors logs [0-9a-f-]{36}\n$/);
    expect(failed.stderr).not.toContain('The payload is empty');
  });

  test('a run without a payload says how to pass one', async () => {
    expect((await run('run', 'fail')).stderr).toContain(
      'The payload is empty. Pass one, or use --sample to send the sample payload of the agent.\n',
    );
  });

  test('a payload comes from a file or from standard input', async () => {
    const fromInput = await connectors(['run', 'shout', '-'], { env: target.env, input: 'from a pipe' });
    expect(fromInput.stdout).toBe('FROM A PIPE\n');
  });

  test('a list names the connector, and says how long ago', async () => {
    await make('listed source', 'inbound', ['echo']);
    await text('send', 'listed source', 'x');
    const list = await text('runs', '--connector', 'listed source');
    expect(list).toMatch(/ \((now|\d+ \w+ ago)\) +echo +listed source +\w+/);
    await text('delete', 'listed source', '--yes');
    expect(await text('runs', '--agent', 'echo')).toMatch(/ \((now|\d+ \w+ ago)\) +echo +deleted /);
  });

  test('a run shows what went in, what came out and what it did', async () => {
    const runId = (await text('run', 'chatty', '{"lines": 2}', '--no-wait')).trim();
    await eventually('the run to end', async () => (await json(wireRun, 'runs', runId)).ended_at !== null);
    const shown = await text('runs', runId);
    expect(shown).toContain('"lines": 2');
    const logs = await text('logs', runId);
    expect(logs).toContain('this is the end');
    expect(logs).toContain('└─ ');
  });

  test('a run is shown with the digits that went in', async () => {
    const sent = '{"id": 9223372036854775807, "total": 1.10}';
    const runId = (await text('run', 'echo', sent, '--no-wait')).trim();
    await eventually('the run to end', async () => (await json(wireRun, 'runs', runId)).ended_at !== null);
    expect(await text('runs', runId)).toContain('"id": 9223372036854775807,\n  "total": 1.10');
    expect(await text('--json', 'runs', runId)).toContain('"id": 9223372036854775807');
    await make('digits', 'inbound', ['echo']);
    await text('send', 'digits', sent);
    expect((await json(runPage, 'runs', '--search', '9223372036854775807')).items).toHaveLength(2);
  });

  test('a run is run again with a changed payload, and found by its trigger', async () => {
    const runId = (await text('run', 'shout', 'hello', '--no-wait')).trim();
    expect(await text('run-again', runId, '--payload', 'good night')).toBe('GOOD NIGHT\n');
    const { trigger_id: triggerId } = await json(wireRun, 'runs', runId);
    expect((await json(runPage, 'runs', '--search', triggerId)).items).toMatchObject([{ run_id: runId }]);
  });

  test('runs are listed by status, agent, connector and text', async () => {
    await make('listed', 'sync', ['echo']);
    await text('send', 'listed', '{"word": "ephemeral"}');
    const page = await json(
      runPage,
      'runs',
      '--connector',
      'listed',
      '--status',
      'completed,failed',
      '--agent',
      'echo',
    );
    expect(page.items).toHaveLength(1);
    expect((await json(runPage, 'runs', '--search', 'ephemeral', '--from', '1h')).items).toHaveLength(1);
    expect(await text('runs', '--agent', 'nobody')).toBe('No runs.\n');
  });

  test('a long list says how to go on', async () => {
    await text('run', 'shout', 'one');
    await text('run', 'shout', 'two');
    const first = await run('runs', '--agent', 'shout', '--limit', '1');
    const cursor = /More items: --cursor (\S+)/.exec(first.stderr)?.[1] ?? '';
    const second = await text('runs', '--agent', 'shout', '--limit', '1', '--cursor', cursor);
    expect(second).not.toBe(first.stdout);
  });

  test('a run is cancelled, and run again', async () => {
    const runId = (await text('run', 'wait', '{"ms": 60000}', '--no-wait')).trim();
    expect(await text('cancel', runId)).toMatch(/^Cancell/);
    const again = (await text('run-again', runId, '--no-wait')).trim();
    expect(await json(wireRun, 'runs', again)).toMatchObject({
      parent_run_id: runId,
      payload: { ms: 60_000 },
    });
    await text('cancel', again);
  });
});
