import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { type CommandSettings, connectors, spawnConnectors } from '../../../test/connectors-command.ts';

const exampleProject = join(import.meta.dirname, '../../../project');

let folder = '';
let started: ReturnType<typeof spawnConnectors>[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'start-'));
  started = [];
});

afterEach(async () => {
  for (const child of started) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  rmSync(folder, { recursive: true, force: true });
});

const inFolder = (env: Record<string, string> = {}) => ({
  PORT: '0',
  DATA_DIR: join(folder, 'data'),
  PROJECT_DIR: exampleProject,
  ...env,
});

/** Starts the system and waits until what it writes has a match of `ready`. */
async function startUntil(ready: RegExp, args: readonly string[] = [], settings: CommandSettings = {}) {
  const child = spawnConnectors(['start', ...args], { ...settings, env: inFolder({ ...settings.env }) });
  started.push(child);
  const screen = { text: '' };
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      screen.text += text;
    });
  }
  await written(child, screen, ready);
  return { child, screen, until: (text: RegExp) => written(child, screen, text) };
}

async function written(child: ReturnType<typeof spawnConnectors>, screen: { text: string }, wanted: RegExp) {
  while (!wanted.test(screen.text)) {
    if (child.exitCode !== null) throw new Error(`It ended: ${screen.text}`);
    await Promise.race([once(child.stdout, 'data'), once(child.stderr, 'data'), once(child, 'exit')]);
  }
}

/** What a start says that does not come to be. */
async function failedStart(env: Record<string, string>, ...args: string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await connectors(['start', ...args], { env: inFolder(env) });
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
  expect(stderr).toMatch(/^error: /);
  expect(stderr).not.toMatch(/\n\s+at /);
  return stderr;
}

const readyLine = z.object({
  status: z.literal('ready'),
  url: z.string(),
  token_file: z.string().nullable(),
});

describe('the first start', () => {
  test('prints a command that gets an answer as it is printed', async () => {
    const { screen } = await startUntil(/Ctrl\+C stops/);
    const curl = /curl [\s\S]+?\}'/.exec(screen.text)?.[0] ?? '';
    const [, url = ''] = /curl (\S+)/.exec(curl) ?? [];
    const [, secret = ''] = /X-Connic-Secret: ([^']+)'/.exec(curl) ?? [];
    const [, body = ''] = /-d '(.+)'/.exec(curl) ?? [];
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'X-Connic-Secret': secret, 'Content-Type': 'application/json' },
      body,
    });
    expect(await answer.json()).toMatchObject({ status: 'ok', result: { status: 'completed' } });
  });

  test('shows the token once, and keeps it for its own user', async () => {
    const first = await startUntil(/Ctrl\+C stops/);
    const file = join(folder, 'data/admin-token');
    const token = readFileSync(file, 'utf8').trim();
    expect(first.screen.text).toContain(token);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    first.child.kill('SIGTERM');
    await once(first.child, 'exit');
    const second = await startUntil(/Ctrl\+C stops/);
    expect(second.screen.text).not.toContain(token);
    expect(second.screen.text).toContain(file);
  });

  test('says which agents miss a key, and its name', async () => {
    const { screen } = await startUntil(/Ctrl\+C stops/);
    expect(screen.text).toMatch(/! question-answerer: .*GEMINI_API_KEY/);
  });

  test('makes nothing and shows no secret where the operator gives the token', async () => {
    const token = 'given-by-the-operator';
    const { screen } = await startUntil(/Ctrl\+C stops/, [], { env: { ADMIN_TOKEN: token } });
    expect(screen.text).not.toContain(token);
    const env = inFolder({ CONNECTORS_TOKEN: token });
    expect(JSON.parse((await connectors(['list', '--json'], { env })).stdout)).toMatchObject({ items: [] });
  });

  test('says in one line of JSON what a script needs', async () => {
    const { screen } = await startUntil(/\n/, ['--json']);
    const ready = readyLine.parse(JSON.parse(screen.text.split('\n')[0] ?? ''));
    expect(await (await fetch(`${ready.url}/health`)).json()).toEqual({ status: 'ok' });
    expect(ready.token_file).toBe(join(folder, 'data/admin-token'));
  });
});

describe('while it runs', () => {
  test('commands find it by its data folder', async () => {
    await startUntil(/Ctrl\+C stops/);
    const listed = await connectors(['list'], { env: inFolder() });
    expect(listed).toMatchObject({ exitCode: 0, stderr: '' });
    expect(listed.stdout).toContain('Try it');
  });

  test.each(['SIGINT', 'SIGTERM'] as const)('%s lets it end, and says so', async (signal) => {
    const { child, screen } = await startUntil(/Ctrl\+C stops/);
    child.kill(signal);
    const [exitCode] = await once(child, 'close');
    expect(exitCode).toBe(0);
    expect(screen.text).toContain('Stopping: requests and runs may end. Once more ends at once.');
    expect(screen.text).toMatch(/Stopped\.\n$/);
  });

  test('a changed project is loaded again, a broken one reported', async () => {
    const project = join(folder, 'project');
    cpSync(exampleProject, project, { recursive: true });
    const { until } = await startUntil(/Ctrl\+C stops/, ['--project', project, '--dev']);
    const file = join(project, 'agents/greeter.yaml');
    writeFileSync(file, 'version: "1.0"\nname: greeter\nmodel: demo/scripted\nsystem_prompt: Greet.\n');
    await until(/The project is loaded again: .*greeter/);
    writeFileSync(file, 'version: "1.0"\nname: greeter\nmodel: demo/scripted\nsystem_promt: Greet.\n');
    await until(
      /The changed project has \d problems?; agents stay as they were:\n +agents\/greeter.yaml:4 system_promt/,
    );
    const env = inFolder();
    expect((await connectors(['run', 'greeter', 'Hello'], { env })).exitCode).toBe(0);
    expect((await connectors(['agents'], { env })).stdout).toContain('agents/greeter.yaml:4');
  });
});

describe('a start that cannot be', () => {
  test('names every setting that is wrong', async () => {
    expect(await failedStart({ PORT: 'http', LOG_LEVEL: 'loud' })).toBe(
      'error: The settings are not valid:\n' +
        '  PORT has to be a whole number from 0 to 65535 (it is "http").\n' +
        '  LOG_LEVEL is one of debug, info, warn, error, silent (it is "loud").\n',
    );
  });

  test('lists every problem of the project with its place', async () => {
    const project = join(folder, 'broken');
    mkdirSync(join(project, 'agents'), { recursive: true });
    writeFileSync(join(project, 'agents/one.yaml'), 'version: "1.0"\nname: One\nmodel: demo/scripted\n');
    writeFileSync(
      join(project, 'agents/two.yaml'),
      'version: "1.0"\nname: two\ntype: tool\ntool_name: no.such\n',
    );
    const said = await failedStart({ PROJECT_DIR: project });
    expect(said).toContain(`The project in ${project} has`);
    expect(said).toMatch(/agents\/one\.yaml:2 name: /);
    expect(said).toMatch(/agents\/two\.yaml:4 tool_name: /);
  });

  test('says that there is no project', async () => {
    expect(await failedStart({ PROJECT_DIR: join(folder, 'nowhere') })).toContain(join(folder, 'nowhere'));
  });

  test('says that the port is in use', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' ? String(address?.port) : '';
    expect(await failedStart({ PORT: port })).toContain(`Port ${port} on 127.0.0.1 is in use.`);
    other.close();
  });

  test('says that the machine has no such address', async () => {
    expect(await failedStart({ HOST: '203.0.113.1' })).toContain(
      'This machine has no address "203.0.113.1".',
    );
  });

  test('says that the data folder is in use, and by which process', async () => {
    const { child } = await startUntil(/Ctrl\+C stops/);
    const said = await failedStart({});
    expect(said).toContain(join(folder, 'data'));
    expect(said).toContain(String(child.pid));
  });

  test('says that the data folder is from a newer version', async () => {
    const { child } = await startUntil(/Ctrl\+C stops/);
    child.kill('SIGTERM');
    await once(child, 'exit');
    const database = new DatabaseSync(join(folder, 'data/engine.db'));
    database.exec('PRAGMA user_version = 9999');
    database.close();
    expect(await failedStart({})).toMatch(/newer version/);
  });

  test('says that the data folder is a file', async () => {
    writeFileSync(join(folder, 'data'), '');
    expect(await failedStart({})).toContain(`The data folder ${join(folder, 'data')} cannot be written to`);
  });

  const asRoot = process.getuid?.() === 0;
  (asRoot ? test.skip : test)('says that the data folder may not be written', async () => {
    mkdirSync(join(folder, 'data'), { mode: 0o500 });
    expect(await failedStart({})).toContain(`The data folder ${join(folder, 'data')} cannot be written to`);
    chmodSync(join(folder, 'data'), 0o700);
  });

  test('says that the key of the secrets is none', async () => {
    expect(await failedStart({ SECRET_KEY: 'short' })).toContain(
      'The key in SECRET_KEY has to be the base64 of 32 bytes',
    );
  });
});
