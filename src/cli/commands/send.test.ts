import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { useCommandTarget } from '../../../test/command-target.ts';

const { run, text, json, make } = useCommandTarget();

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

  test('sends the sample of the agents where no payload is given, and says so', async () => {
    await make('sampled', 'sync', ['echo']);
    expect(await run('send', 'sampled')).toMatchObject({
      exitCode: 0,
      stdout: '{"message":"Hello"}\n',
      stderr: 'No payload given. Sending the sample {"message":"Hello"}\n',
    });
    expect(await text('run', 'echo', '--sample')).toBe('{"message":"Hello"}\n');
  });

  test('sends once what has the same key', async () => {
    await make('once', 'inbound', ['echo']);
    const first = await text('send', 'once', 'Hello', '-H', 'Idempotency-Key: 7');
    const second = await run('send', 'once', 'Hello', '-H', 'Idempotency-Key: 7');
    expect(second).toMatchObject({
      stdout: first,
      stderr: 'Duplicate: this event was already received. No new run was started.\n',
    });
  });

  test('says where it cannot send to', async () => {
    await make('no entrance', 'outbound', [], { url: 'https://example.com/hook' });
    const refused = await run('send', 'no entrance', 'Hello');
    expect(refused).toMatchObject({
      exitCode: 1,
      stderr: 'error: "no entrance" is outbound and has no URL to send to.\n',
    });
  });
});

describe('send to a connector with connections', () => {
  const create = (name: string, ...more: string[]) =>
    text('create', 'sync', '--type', 'websocket', '--name', name, ...more);

  test('prints the answer to one message', async () => {
    expect(await create('chat', '--agent', 'shout')).toContain('Try it:\nnpx connectors send chat\n');
    expect(await text('send', 'chat', 'hello')).toBe('HELLO\n');
  });

  test('prints the answer of each agent where there are several, and of one without streaming', async () => {
    await create('chats', '--agent', 'shout', '--agent', 'count');
    const lines = (await text('send', 'chats', 'hello')).trim().split('\n');
    expect(lines.sort()).toEqual(['count: {"characters":5}', 'shout: HELLO']);
    await create('whole', '--agent', 'shout', '--set', 'streaming=false');
    expect(await text('send', 'whole', 'hello')).toBe('HELLO\n');
  });

  test('prints every message of the server as JSON', async () => {
    await create('json chat', '--agent', 'shout');
    const lines = (await text('send', 'json chat', 'hello', '--json')).trim().split('\n');
    const types = lines.map((line) => z.object({ type: z.string() }).parse(JSON.parse(line)).type);
    expect(types).toEqual(['connected', 'ack', 'stream_start', 'stream_chunk', 'stream_end']);
  });

  test('sends files in the message', async () => {
    await create('file chat', '--agent', 'echo');
    const readme = join(import.meta.dirname, '../../../docs/cli.md');
    expect(JSON.parse(await text('send', 'file chat', 'Read this', '--file', readme))).toMatchObject({
      message: 'Read this',
      files: [{ name: 'cli.md', field_name: 'files', mime_type: 'text/markdown' }],
    });
  });

  test('fails where the run failed, where nothing was started, and where the connection is refused', async () => {
    await create('failing chat', '--agent', 'fail');
    const failed = await run('send', 'failing chat', '{"reason": "no stock"}');
    expect(failed.exitCode).toBe(1);
    expect(failed.stderr).toMatch(/error: .*no stock.* \(npx connectors logs [0-9a-f-]{36}\)/);
    const unread = await run('send', 'failing chat', '{"files": 7}');
    expect(unread.stderr).toBe(
      'error: The field "files" is a list of at most 10 files, each as {"name", "mime_type", "data"} with "data" in Base64.\n',
    );
    const refused = await run('send', 'failing chat', 'hello', '--secret', 'wrong');
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toMatch(/The connector does not exist, or the credentials are missing or wrong\./);
  });
});
