import { describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { useCommandTarget } from '../../../test/command-target.ts';
import { startReceiver } from '../../../test/receivers/recording-receiver.ts';
import { createdConnector, runPage, wireConnector } from '../../api/contract/index.ts';
import { loadConnectorTypes } from '../../connectors/index.ts';

const { run, text, json, make } = useCommandTarget();

/** Every type and mode whose connectors call nobody as soon as they are created. */
const quietModes = [...(await loadConnectorTypes()).values()].flatMap(({ name, modes }) =>
  Object.entries(modes).flatMap(([mode, { ways, registration, samples }]) => {
    const callsOut = [ways?.poll, ways?.listen, registration].some((part) => part !== undefined);
    return callsOut ? [] : [[name, mode, JSON.stringify(samples[0]?.config ?? {})] as const];
  }),
);

/** The commands in a text, without `npx connectors`. */
function commandsIn(text: string): string[] {
  return [...text.matchAll(/^npx connectors (.+)$/gm)].map(([, command = '']) => command);
}

describe('connectors', () => {
  test('are created with a secret, a URL and a request to copy', async () => {
    const made = await text('create', 'sync', '--agent', 'echo', '--name', 'copied');
    const secret = (await text('secret', 'copied')).trim();
    expect(secret.length).toBeGreaterThan(20);
    expect(made).toContain(secret);
    expect(made).toMatch(/Try it:\ncurl http:\/\/127\.0\.0\.1:\d+\/webhooks\/[0-9a-f-]+\/sync/);
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
    expect(made).toContain("npx connectors send 'shop'\\''s'");
    expect(made).not.toContain('curl');
  });

  test('without agents say so in place of a request that would be refused', async () => {
    const made = await text('create', 'sync', '--name', 'nobody');
    expect(made).toContain('No agent is linked yet, so events are refused. Link one:');
    expect(made).toContain('npx connectors link nobody <agent>');
    expect(made).not.toContain('curl');
  });

  test.each(quietModes)('say what to do next: %s, %s', async (type, mode, config) => {
    const name = `next-${type}-${mode}`;
    const given = ['--type', type, '--agent', 'echo', '--name', name, '--config', config];
    const made = await text('create', mode, ...given);
    const commands = commandsIn(made);
    expect(commands).not.toEqual([]);
    if (mode === 'outbound') {
      expect(commands.slice(0, 3)).toEqual([
        `test ${name}`,
        'run echo --sample',
        `deliveries --connector ${name}`,
      ]);
    }
    // These two would call the examples' receivers.
    for (const command of commands.filter((one) => !/^(run|test) /.test(one))) {
      const done = await run(...command.split(' '));
      expect({ command, ...done }).toMatchObject({
        command,
        exitCode: 0,
        stdout: expect.stringMatching(/\S/),
      });
    }
    await text('delete', name, '--yes');
  });

  test('say what to do next if they read from a source, or fire by a schedule', async () => {
    const kafka = ['--type', 'kafka', '--agent', 'echo', '--name', 'topic'];
    const config = ['--set', 'bootstrap_servers=127.0.0.1:9', '--set', 'topic=orders', '--set', 'group_id=g'];
    expect(commandsIn(await text('create', 'inbound', ...kafka, ...config))).toEqual([
      'lag topic',
      'show topic',
    ]);
    const cron = ['--type', 'cron', '--agent', 'echo', '--name', 'mornings', '--set', 'schedule=0 9 * * *'];
    const made = await text('create', 'inbound', ...cron);
    expect(made).toMatch(
      /It fires next at \d{4}-\d\d-\d\d \d\d:\d\d:\d\d\. Fire it now:\nnpx connectors run-now mornings/,
    );
  });

  test('that deliver operational events need no agent', async () => {
    const config = ['--set', 'url=https://hooks.example/events', '--set', 'events=["run.failed"]'];
    expect(commandsIn(await text('create', 'outbound', '--name', 'monitor', ...config))).toEqual([
      'test monitor',
      'show monitor',
    ]);
  });

  test('that deliver by choice say who sends, and a link says what comes next', async () => {
    const url = ['--set', 'url=https://hooks.example/orders'];
    const byTool = await text(
      'create',
      'outbound',
      '--agent',
      'echo',
      '--name',
      'by-code',
      '--delivery',
      'code',
      ...url,
    );
    expect(byTool).toContain(
      'Run an agent. Its code can send with send_connector:\nnpx connectors run echo --sample',
    );
    await make('to-link', 'inbound');
    expect(commandsIn(await text('link', 'to-link', 'echo'))).toEqual(['send to-link', 'show to-link']);
  });

  test('are tried out before they exist: the conditions decide, and nothing is created', async () => {
    const draft = ['create', 'inbound', '--agent', 'echo', '--agent', 'shout', '--name', 'draft'];
    const conditions = ['--filter', 'input.total > 100', '--when', 'input.country == "DE"'];
    const wanted = await text(...draft, ...conditions, '--try', '{"total": 250, "country": "DE"}');
    expect(wanted).toMatch(/echo +yes +-\nshout +yes +-\n/);
    const small = await text(...draft, ...conditions, '--try', '{"total": 5, "country": "DE"}');
    expect(small).toMatch(/echo +no +The filter of the connector is false: input\.total > 100/);
    const abroad = await text(...draft, ...conditions, '--try', '{"total": 250, "country": "FR"}');
    expect(abroad).toMatch(
      /shout +no +The condition of the link to "shout" is false: input\.country == "DE"/,
    );
    const wrong = await run(...draft, '--filter', 'input.total >', '--try', '{}');
    expect(wrong.exitCode).toBe(1);
    expect(wrong.stderr).toContain('filter');
    await text('run', 'echo', '{"word": "hello"}');
    const [ended] = (await json(runPage, 'runs', '--agent', 'echo', '--status', 'completed')).items;
    const id = ended?.run_id ?? '';
    const outbound = ['create', 'outbound', '--agent', 'echo', '--name', 'draft'];
    expect(await text(...outbound, '--filter', 'input.word == "hello"', '--try-run', id)).toMatch(
      /echo +yes/,
    );
    const both = await run(...outbound, '--try', '{}', '--try-run', id);
    expect(both.stderr).toContain("option '--try-run <run>' cannot be used with option '--try <payload>'");
    expect((await run('show', 'draft')).exitCode).toBe(3);
  });

  test('are created with conditions for their agents', async () => {
    const conditions = ['--when', 'input.total > 100'];
    const made = await json(
      createdConnector,
      'create',
      'inbound',
      '--agent',
      'echo',
      '--name',
      'some',
      ...conditions,
    );
    expect(made.agents).toEqual([{ name: 'echo', when: 'input.total > 100' }]);
    const tried = await text(
      'try-filter',
      'some',
      '--agent',
      'shout',
      '--when',
      'input.country == "DE"',
      '{"total": 5, "country": "DE"}',
    );
    expect(tried).toMatch(/echo +no +The condition of the link to "echo" is false[^\n]*\nshout +yes/);
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

  test('are shown with what to set up at the sender, with their own URL', async () => {
    const made = await make('set-up', 'inbound', ['echo']);
    const shown = await text('show', 'set-up');
    expect(shown).toContain(
      `Set up the other side\n\n1. At the sender, add a webhook with this URL: ${made.url}`,
    );
    expect(shown).toContain('add X-Connic-Secret with the value <secret>');
  });

  test('change their name and configuration, field by field', async () => {
    const set = ['--set', 'timeout_seconds=20'];
    const made = await json(createdConnector, 'create', 'sync', '--name', 'before', ...set);
    await text('change', 'before', '--name', 'after', '--set', 'auth.type=none');
    const changed = await json(wireConnector, 'show', 'after');
    expect(changed).toMatchObject({ id: made.id, config: { timeout_seconds: 20, auth: { type: 'none' } } });
  });

  test('are tested: an outbound one sends a sample result, any other connects to its source', async () => {
    const receiver = await startReceiver();
    await make('tested', 'outbound', [], { url: receiver.url });
    receiver.answer((_request, count) => ({ status: count === 1 ? 200 : 500, body: 'as told' }));
    expect(await text('test', 'tested')).toBe('ok: Accepted with 200.\nas told\n');
    const failed = await run('test', 'tested');
    expect(failed).toMatchObject({ exitCode: 1, stderr: 'error: The test failed.\n' });
    expect(failed.stdout).toMatch(/^failed: .*500.*\nas told\n$/);
    await receiver.goDown();
    await make('untested', 'inbound');
    const refused = await run('test', 'untested', '--kind', 'connection');
    expect(refused).toMatchObject({ exitCode: 1, stdout: '' });
    expect(refused.stderr).toContain('makes no connection that could be tested.');
  });

  test('are linked and unlinked', async () => {
    await make('links', 'inbound');
    expect(await json(wireConnector, 'link', 'links', 'echo', 'shout')).toMatchObject({
      agents: ['echo', 'shout'],
    });
    expect(await json(wireConnector, 'unlink', 'links', 'echo')).toMatchObject({ agents: ['shout'] });
    expect(await text('link', 'links', 'echo')).toMatch(/^name +links\nagents +shout, echo\n/);
    expect(await run('unlink', 'links', 'fail')).toMatchObject({
      exitCode: 3,
      stderr: 'error: "fail" is not linked to "links". Linked: shout, echo.\n',
    });
    expect(await text('unlink', 'links', 'shout', 'echo')).toMatch(/^name +links\nagents +none\n$/);
  });

  test('are suggested for a misspelled name', async () => {
    await make('spelling', 'inbound');
    expect(await run('show', 'speling')).toMatchObject({
      exitCode: 3,
      stderr:
        'error: No connector named "speling". Did you mean "spelling"? List them with: npx connectors list\n',
    });
  });

  test('rest while they are disabled', async () => {
    await make('resting', 'inbound', ['echo']);
    expect(await text('disable', 'resting')).toContain('disabled');
    const refused = await run('send', 'resting', 'Hello');
    expect(refused).toMatchObject({ exitCode: 1, stdout: '' });
    expect(refused.stderr).toContain('disabled');
    expect(await text('enable', 'resting')).toContain('idle: No events yet.');
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
    expect(asked).toMatchObject({ exitCode: 2, stderr: 'error: Not a terminal; pass --yes to confirm.\n' });
    expect(await text('delete', 'unwanted', '--yes')).toBe('Deleted "unwanted".\n');
    expect((await run('show', 'unwanted')).exitCode).toBe(3);
  });

  test('have a name each: a second one of the name is refused, and a suggested name is free', async () => {
    await make('twin', 'inbound');
    const refused = await run('create', 'inbound', '--agent', 'echo', '--name', 'twin');
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toContain('A connector named "twin" already exists. Use another name.');
    await text('create', 'sync', '--agent', 'count');
    expect(await text('create', 'sync', '--agent', 'count')).toContain('webhook sync for count 2');
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
