import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { connectors } from '../../../test/connectors-command.ts';
import { serveLocally } from '../../../test/local-server.ts';
import { useStartSandbox } from '../../../test/start-sandbox.ts';

const sandbox = useStartSandbox();

const readyLine = z.object({
  status: z.literal('ready'),
  url: z.string(),
  token_file: z.string().nullable(),
});

describe('the first start', () => {
  test('shows the token, for its own user only, and the command again until somebody has used it', async () => {
    const first = await sandbox.start(/Press Ctrl\+C to stop/);
    const file = join(sandbox.folder, 'data/admin-token');
    const token = readFileSync(file, 'utf8').trim();
    expect(first.text()).toContain(token);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    await first.stop();
    const second = await sandbox.start(/Press Ctrl\+C to stop/);
    expect(second.text()).toContain(token);
    const secret = /X-Connic-Secret: (\w+)/;
    expect(secret.exec(second.text())?.[1]).toBe(secret.exec(first.text())?.[1]);
    expect((await connectors(['list'], { env: sandbox.env() })).exitCode).toBe(0);
    await second.stop();
    const third = await sandbox.start(/Press Ctrl\+C to stop/);
    expect(third.text()).not.toContain(token);
    expect(third.text()).not.toContain('#sign-in=');
    expect(third.text()).toContain(file);
  });

  test('that fails after it made the token leaves it to the next one', async () => {
    const taken = await serveLocally((_request, response) => void response.end());
    const env = sandbox.env({ PORT: new URL(taken.url).port });
    expect((await connectors(['start'], { env })).exitCode).toBe(1);
    await taken.stop();
    const { text } = await sandbox.start(/Press Ctrl\+C to stop/);
    const token = readFileSync(join(sandbox.folder, 'data/admin-token'), 'utf8').trim();
    expect(text()).toContain(token);
    expect(text()).toContain('curl ');
  });

  test('makes nothing and shows no secret where the operator gives the token', async () => {
    const token = 'given-by-the-operator';
    const { text } = await sandbox.start(/Press Ctrl\+C to stop/, [], { env: { ADMIN_TOKEN: token } });
    expect(text()).not.toContain(token);
    const env = sandbox.env({ CONNECTORS_TOKEN: token });
    expect(JSON.parse((await connectors(['list', '--json'], { env })).stdout)).toMatchObject({ items: [] });
  });

  test('says in one line of JSON what a script needs', async () => {
    const { text } = await sandbox.start(/\n/, ['--json']);
    const ready = readyLine.parse(JSON.parse(text().split('\n')[0] ?? ''));
    expect(await (await fetch(`${ready.url}/health`)).json()).toEqual({ status: 'ok' });
    expect(ready.token_file).toBe(join(sandbox.folder, 'data/admin-token'));
  });
});
