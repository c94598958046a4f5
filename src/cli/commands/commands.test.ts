import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { connectors, type Finished } from '../../../test/connectors-command.ts';
import { type ProductProcess, startProduct } from '../../../test/product-process.ts';
import { type Receiver, startReceiver } from '../../../test/receivers/recording-receiver.ts';
import {
  type CreatedConnector,
  createdConnector,
  runPage,
  wireConnector,
  wireRun,
} from '../../api/contract/index.ts';
import type { JsonObject } from '../../core/json-value.ts';

const projectDir = join(import.meta.dirname, '../../../test/scenarios/project');
const token = 'token-of-the-command-line-tests';

let product: ProductProcess;
let receiver: Receiver;

beforeAll(async () => {
  product = await startProduct({ projectDir, token });
  receiver = await startReceiver();
});

afterAll(async () => {
  await product.remove();
  await receiver.goDown();
});

/** Runs a command on the system of these tests. */
function run(...args: string[]): Promise<Finished> {
  return connectors(args, { env: { CONNECTORS_URL: product.url, CONNECTORS_TOKEN: token } });
}

/** What a command that has to succeed prints under `--json`. */
async function json<Schema extends z.ZodType>(schema: Schema, ...args: string[]): Promise<z.output<Schema>> {
  const { exitCode, stdout, stderr } = await run(...args, '--json');
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  return schema.parse(JSON.parse(stdout));
}

/** What a command that has to succeed prints for a person. */
async function text(...args: string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await run(...args);
  expect({ exitCode, error: stderr.includes('error:') ? stderr : '' }).toEqual({ exitCode: 0, error: '' });
  return stdout;
}

/** Makes a connector without the command line, which these tests do not want to wait for each time. */
async function make(
  name: string,
  mode: 'inbound' | 'sync' | 'outbound',
  agents: readonly string[] = [],
  config: JsonObject = {},
): Promise<CreatedConnector> {
  const answer = await fetch(`${product.url}/api/v1/connectors`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name, type: 'webhook', mode, agents, config }),
  });
  return createdConnector.parse(await answer.json());
}

describe('connectors', () => {
  test('are created with a secret, a URL and a request to copy', async () => {
    const made = await text('create', 'sync', '--agent', 'echo', '--name', 'copied');
    const secret = (await text('secret', 'copied')).trim();
    expect(secret.length).toBeGreaterThan(20);
    expect(made).toContain(secret);
    expect(made).toMatch(/curl http:\/\/127\.0\.0\.1:\d+\/webhooks\/[0-9a-f-]+\/sync/);
  });

  test('whose senders sign are created with another request', async () => {
    const made = await text(
      'create',
      'sync',
      '--agent',
      'shout',
      '--name',
      "shop's",
      '--set',
      'auth.type=github',
    );
    expect(made).toContain("npx connectors send 'shop'\\''s' Hello");
    expect(made).not.toContain('curl');
  });

  test('get a name of type, mode and agents where none is given', async () => {
    const made = await json(createdConnector, 'create', 'inbound', '--agent', 'echo', '--agent', 'shout');
    expect(made).toMatchObject({ name: 'webhook inbound for echo, shout', agents: ['echo', 'shout'] });
  });

  test('are listed and shown without a secret', async () => {
    const made = await make('shown', 'sync', ['echo']);
    const outputs = [
      await text('list'),
      await text('list', '--json'),
      await text('show', 'shown'),
      await text('show', made.id, '--json'),
    ];
    for (const output of outputs) {
      expect(output).toContain(made.id);
      expect(output).not.toContain(made.secret);
    }
  });

  test('change their name and configuration, field by field', async () => {
    const set = ['--set', 'timeout_seconds=20'];
    const made = await json(createdConnector, 'create', 'sync', '--name', 'before', ...set);
    await text('change', 'before', '--name', 'after', '--set', 'auth.type=none');
    const changed = await json(wireConnector, 'show', 'after');
    expect(changed).toMatchObject({ id: made.id, config: { timeout_seconds: 20, auth: { type: 'none' } } });
  });

  test('are linked and unlinked', async () => {
    await make('links', 'inbound');
    expect(await json(wireConnector, 'link', 'links', 'echo', 'shout')).toMatchObject({
      agents: ['echo', 'shout'],
    });
    expect(await json(wireConnector, 'unlink', 'links', 'echo')).toMatchObject({ agents: ['shout'] });
  });

  test('rest while they are disabled', async () => {
    await make('resting', 'inbound', ['echo']);
    expect(await text('disable', 'resting')).toContain('disabled');
    const refused = await run('send', 'resting', 'Hello');
    expect(refused).toMatchObject({ exitCode: 1, stdout: '' });
    expect(refused.stderr).toContain('disabled');
    expect(await text('enable', 'resting')).toContain('enabled');
    expect(await text('send', 'resting', 'Hello')).toContain('Accepted: 1 run.');
  });

  test('get a new secret, the old one valid or not', async () => {
    const made = await make('rotated', 'sync', ['echo']);
    const next = await json(z.object({ secret: z.string() }), 'rotate', 'rotated');
    expect(next.secret).not.toBe(made.secret);
    await text('send', 'rotated', '--secret', made.secret ?? '');
    await text('rotate', 'rotated', '--grace', '0');
    const refused = await run('send', 'rotated', '--secret', next.secret);
    expect(refused.exitCode).toBe(1);
  });

  test('are deleted only when that is confirmed', async () => {
    await make('unwanted', 'inbound');
    const asked = await run('delete', 'unwanted');
    expect(asked).toMatchObject({ exitCode: 2, stderr: 'error: There is nobody to ask: add --yes.\n' });
    expect(await text('delete', 'unwanted', '--yes')).toBe('Deleted "unwanted".\n');
    expect((await run('show', 'unwanted')).exitCode).toBe(3);
  });

  test('of one name are told apart by their ids', async () => {
    const first = await make('twin', 'inbound');
    const second = await make('twin', 'inbound');
    const unclear = await run('show', 'twin');
    expect(unclear.exitCode).toBe(2);
    expect(unclear.stderr).toContain('2 connectors have the name "twin". Give an id:');
    expect(unclear.stderr).toContain(first.id);
    expect(unclear.stderr).toContain(second.id);
  });

  test('their types are described field by field', async () => {
    const types = await text('types');
    expect(types).toContain('webhook');
    expect(types).toMatch(/url \*/);
    expect(types).toMatch(/timeout_seconds +\S/);
    expect(types).toMatch(/auth\.type=github +\S/);
  });

  test('what was done to them is on record', async () => {
    const made = await make('recorded', 'inbound');
    await text('secret', 'recorded');
    const log = await text('audit-log', '--subject', made.id);
    expect(log).toContain('connector.created');
    expect(log).toContain('secret.shown');
  });
});

describe('send', () => {
  test('prints what a sync connector answers', async () => {
    await make('shouting', 'sync', ['shout']);
    expect(await text('send', 'shouting', 'hello')).toBe('HELLO\n');
    const answer = await json(
      z.object({ result: z.object({ output: z.string() }) }),
      'send',
      'shouting',
      'hello',
    );
    expect(answer.result.output).toBe('HELLO');
  });

  test('prints each result where there are several', async () => {
    await make('several', 'sync', ['shout', 'count']);
    expect(await text('send', 'several', 'hello')).toBe('shout: HELLO\ncount: {"characters":5}\n');
  });

  test('fails where the run failed, and says where to look', async () => {
    await make('failing', 'sync', ['fail']);
    const failed = await run('send', 'failing', '{"reason": "no stock"}');
    expect(failed.exitCode).toBe(1);
    expect(failed.stderr).toMatch(
      /error: The run of fail failed: .*no stock.* \(npx connectors logs [0-9a-f-]{36}\)/,
    );
  });

  test('streams', async () => {
    await make('streaming', 'sync', ['shout']);
    expect(await text('send', 'streaming', 'hello', '--stream')).toBe('HELLO\n');
    const lines = (await text('send', 'streaming', 'hello', '--stream', '--json')).trim().split('\n');
    const events = lines.map((line) => z.object({ event: z.string() }).parse(JSON.parse(line)).event);
    expect(events.at(0)).toBe('run');
    expect(events.at(-1)).toBe('result');
  });

  test.each(['standard-webhooks', 'github', 'stripe', 'slack'])('signs as %s does', async (preset) => {
    await make(`signed ${preset}`, 'sync', ['shout'], { auth: { type: preset } });
    expect(await text('send', `signed ${preset}`, 'hello')).toBe('HELLO\n');
  });

  test('sends files with the fields beside them', async () => {
    await make('files', 'sync', ['echo']);
    const readme = join(import.meta.dirname, '../../../docs/cli.md');
    const output = await text('send', 'files', '{"note": "read this"}', '--file', readme);
    expect(JSON.parse(output)).toMatchObject({
      note: 'read this',
      files: [{ name: 'cli.md', field_name: 'file' }],
    });
  });

  test('sends once what has the same key', async () => {
    await make('once', 'inbound', ['echo']);
    const first = await text('send', 'once', 'Hello', '-H', 'Idempotency-Key: 7');
    const second = await run('send', 'once', 'Hello', '-H', 'Idempotency-Key: 7');
    expect(second).toMatchObject({ stdout: first, stderr: 'Sent before: nothing new was started.\n' });
  });

  test('says where it cannot send to', async () => {
    await make('no entrance', 'outbound', [], { url: receiver.url });
    const refused = await run('send', 'no entrance', 'Hello');
    expect(refused).toMatchObject({
      exitCode: 1,
      stderr: 'error: "no entrance" is outbound: it has no URL to send to.\n',
    });
  });
});

describe('agents and runs', () => {
  test('agents are listed and shown', async () => {
    expect(await text('agents')).toMatch(/echo +tool/);
    expect(await text('agents', 'pipeline')).toContain('→');
  });

  test('an agent runs by hand, and its output is printed', async () => {
    expect(await text('run', 'shout', 'hello')).toBe('HELLO\n');
    expect(await json(wireRun, 'run', 'shout', 'hello')).toMatchObject({
      status: 'completed',
      output: 'HELLO',
    });
  });

  test('a run that fails makes the command fail', async () => {
    const failed = await run('run', 'fail', '{"reason": "no stock"}');
    expect(failed.exitCode).toBe(1);
    expect(failed.stderr).toMatch(/error: The run failed: .*no stock.* \(tool-error\)/);
  });

  test('a payload comes from a file or from standard input', async () => {
    const env = { CONNECTORS_URL: product.url, CONNECTORS_TOKEN: token };
    const fromInput = await connectors(['run', 'shout', '-'], { env, input: 'from a pipe' });
    expect(fromInput.stdout).toBe('FROM A PIPE\n');
  });

  test('a run shows what went in, what came out and what it did', async () => {
    const runId = (await text('run', 'chatty', '{"lines": 2}', '--no-wait')).trim();
    await text('run', 'shout', 'meanwhile');
    const shown = await text('runs', runId);
    expect(shown).toContain('"lines": 2');
    const logs = await text('logs', runId);
    expect(logs).toContain('this is the end');
    expect(logs).toContain('└─ ');
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
    expect(await text('runs', '--agent', 'nobody')).toBe('There is no such run.\n');
  });

  test('a long list says how to go on', async () => {
    await text('run', 'shout', 'one');
    await text('run', 'shout', 'two');
    const first = await run('runs', '--agent', 'shout', '--limit', '1');
    const cursor = /There are more: --cursor (\S+)/.exec(first.stderr)?.[1] ?? '';
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

describe('deliveries', () => {
  test('are listed with what came of them, and sent once more', async () => {
    receiver.answer((_request, count) => ({ status: count === 1 ? 400 : 200, body: 'noted' }));
    await make('results', 'outbound', ['count'], { url: receiver.url });
    await text('run', 'count', 'hello');
    await until(async () =>
      expect(await text('deliveries', '--connector', 'results')).toMatch(/failed +1 .*400/),
    );
    const [, id = ''] =
      /([0-9a-f]{8}-[0-9a-f-]{27}) +\S/.exec(await text('deliveries', '--status', 'failed')) ?? [];
    expect(await text('deliveries', id)).toContain('noted');
    expect(await text('redeliver', '--connector', 'results')).toBe('1 on their way again.\n');
    await until(async () => expect(await text('deliveries', id)).toContain('delivered'));
    expect(await text('redeliver', id)).toContain('pending');
  });

  test('are chosen by ids or by what they are, not by both', async () => {
    expect(await run('redeliver')).toMatchObject({ exitCode: 2 });
    expect(await run('redeliver', 'some-id', '--status', 'failed')).toMatchObject({ exitCode: 2 });
  });

  test('dead letters are none', async () => {
    expect(await text('dead-letters')).toBe('No dead letters: everything was handled.\n');
    expect((await run('retry', 'nothing')).exitCode).toBe(3);
  });
});

/** Asks again until what is expected comes true. */
async function until(check: () => Promise<void>): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      return await check();
    } catch (unmet) {
      if (tries === 50) throw unmet;
    }
  }
}
