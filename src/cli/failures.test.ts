import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { useCommands } from '../../test/command-target.ts';
import { connectors } from '../../test/connectors-command.ts';
import { type ProductProcess, startProduct } from '../../test/product-process.ts';

const projectDir = join(import.meta.dirname, '../../test/scenarios/project');
const token = 'token-of-the-failure-tests';

const commands = useCommands();

describe('the command line', () => {
  test.each([
    [['lis'], "unknown command 'lis'\n(Did you mean list?)"],
    [['list', '--nonsense'], "unknown option '--nonsense'"],
    [['show'], "missing required argument 'connector'"],
    [['list', '--limit', '1000'], 'Expected a whole number from 1 to 100.'],
    [['create', 'sideways'], 'Allowed choices are inbound, sync, outbound.'],
    [['rotate', 'x', '--grace', 'soon'], 'Expected a duration, such as 90s, 15m, 24h, or 7d.'],
    [['runs', '--from', 'yesterday'], 'Expected a time, such as 2026-11-22T09:00Z'],
    [['run', 'echo', '{broken'], 'The payload is not valid JSON.'],
    [
      ['change', 'x'],
      'Nothing to change. Pass --name, --set, --config, --connection, --filter, or --delivery.',
    ],
    [['runs', '--follow', '--search', 'x'], '--search cannot be combined with --follow.'],
    [['cost'], "required option '-r, --runs-per-month <count>' not specified"],
    [['cost', '-r', '2.5'], 'Expected a whole number, such as 1000000.'],
    [['cost', '-r', '1', '--agent-seconds', '-1'], 'Expected a number of 0 or more, such as 2.5.'],
    [['list', '--url', 'nowhere', '--token', 'x'], '"nowhere" is not a valid URL.'],
  ])('%j is a mistake of its own', async (args, sentence) => {
    const refused = await commands(args, {});
    expect(refused).toMatchObject({ exitCode: 2, stdout: '' });
    expect(refused.stderr).toContain(sentence);
    expect(refused.stderr).not.toMatch(/\n\s+at /);
  });

  test('help and version are no failures', async () => {
    expect(await connectors(['--help'])).toMatchObject({ exitCode: 0, stderr: '' });
    expect(await connectors(['rotate', '--help'])).toMatchObject({ exitCode: 0, stderr: '' });
    expect((await connectors(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  test('no colours go into a pipe, not even where they are asked for by CI', async () => {
    const { exitCode, stdout, stderr } = await connectors(['lis'], { env: { CI: 'true', FORCE_COLOR: '1' } });
    expect(exitCode).toBe(2);
    expect(stdout + stderr).not.toContain('\u001b');
  });
});

describe('a system that is not there', () => {
  test('is said to be, with what to do', async () => {
    const url = await freeAddress();
    expect(await commands(['list', '--url', url, '--token', 'x'], {})).toEqual({
      exitCode: 4,
      stdout: '',
      stderr: `error: No response from ${url}. Start it with "npm start", or set its address with --url or CONNECTORS_URL.\n`,
    });
  });

  test('and no token to it either', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'no-token-'));
    const refused = await commands(['list'], { DATA_DIR: folder });
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toContain(`No access token found in ${folder}. Start the system with "npm start"`);
    rmSync(folder, { recursive: true });
  });

  test.each([
    ['<html>Not found</html>', 'but does not look like Agent Connectors. Check the URL.', 404],
    ['{"items": 7}', 'sent a response that this version cannot read', 200],
  ])('but something else is', async (body, sentence, status) => {
    const other = await serve((_request, response) => response.writeHead(status).end(body));
    const refused = await commands(['list', '--url', other.url, '--token', 'x'], {});
    other.close();
    expect(refused).toMatchObject({ exitCode: 1, stdout: '' });
    expect(refused.stderr).toContain(sentence);
  });
});

describe('a system that says no', () => {
  let product: ProductProcess;
  beforeAll(async () => {
    product = await startProduct({ projectDir, token });
  });
  afterAll(() => product.remove());

  const run = (...args: string[]) => commands(args, { CONNECTORS_URL: product.url, CONNECTORS_TOKEN: token });

  test('to a wrong token', async () => {
    const refused = await run('list', '--token', 'guessed');
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toBe(
      `error: ${product.url} rejected the access token. Set CONNECTORS_TOKEN or --token to the token of the server.\n`,
    );
  });

  test.each([
    [['show', 'nobody'], 'No connector named "nobody". List them with: npx connectors list'],
    [['show', '00000000-0000-4000-8000-000000000000'], 'connector'],
    [['runs', '00000000-0000-7000-8000-000000000000'], 'run'],
    [['logs', '00000000-0000-7000-8000-000000000000'], 'run'],
    [['agents', 'nobody'], 'nobody'],
    [['run', 'nobody'], 'nobody'],
    [['deliveries', '00000000-0000-7000-8000-000000000000'], 'delivery'],
  ])('%j: there is none', async (args, word) => {
    const refused = await run(...args);
    expect(refused).toMatchObject({ exitCode: 3, stdout: '' });
    expect(refused.stderr).toMatch(/^error: .+\n$/);
    expect(refused.stderr).toContain(word);
  });

  test('to a configuration, with each of its problems', async () => {
    const refused = await run('create', 'outbound', '--agent', 'nobody', '--set', 'timeout_seconds=99');
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toMatch(/^error: Invalid request\. .*\n$/);
    expect(refused.stderr).toContain('--set url: Enter a full URL that begins with https://;');
    expect(refused.stderr).toContain('--set timeout_seconds: ');
    expect(refused.stderr).toContain('--agent: There is no agent named "nobody"');
  });
});

async function serve(listener: RequestListener) {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  return { url: `http://127.0.0.1:${port}`, close: () => server.close() };
}

/** An address on which nothing listens. */
async function freeAddress(): Promise<string> {
  const { url, close } = await serve(() => undefined);
  close();
  return url;
}
