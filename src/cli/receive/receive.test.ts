import { once } from 'node:events';
import { afterEach, describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { useCommandTarget } from '../../../test/command-target.ts';
import { spawnConnectors } from '../../../test/connectors-command.ts';

const target = useCommandTarget();
const { text, make } = target;
type Child = ReturnType<typeof spawnConnectors>;
let child: Child | undefined;

afterEach(async () => {
  if (child === undefined || child.exitCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'close');
});

/** Waits until the output of a stream matches. */
async function until(stream: Child['stdout'], wanted: RegExp): Promise<RegExpExecArray> {
  let written = '';
  for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
    written += String(chunk);
    const match = wanted.exec(written);
    if (match !== null) return match;
  }
  throw new Error(`It ended: ${written}`);
}

async function receive(name: string, ...args: readonly string[]): Promise<string> {
  child = spawnConnectors(['receive', name, '--port', '0', ...args], { env: target.env });
  const [, url = ''] = await until(child.stderr, /(http:\S+)\. Press/);
  return url;
}

describe('receive', () => {
  test('prints a delivery that is signed, and refuses what is not', async () => {
    await make('results', 'outbound', ['echo'], { url: 'http://127.0.0.1:9/' });
    const url = await receive('results');
    const forged = await fetch(url, { method: 'POST', body: '{}' });
    expect(forged.status).toBe(401);
    await text('change', 'results', '--set', `url=${url}`);
    await text('run', 'echo', 'hello');
    const stdout = child?.stdout;
    if (stdout === undefined) throw new Error('It does not run.');
    const [line] = await until(stdout, /verified.*\n/);
    expect(line).toContain('\\"message\\":\\"hello\\"');
  });
});

test('url prints the URL alone', async () => {
  const { url } = await make('called', 'sync', ['echo']);
  expect(await text('url', 'called')).toBe(`${url}\n`);
  expect(z.url().parse(url)).toContain('/webhooks/');
});
