import { once } from 'node:events';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { connectors } from '../../../test/connectors-command.ts';
import { type StartedSystem, useStartSandbox } from '../../../test/start-sandbox.ts';

const sandbox = useStartSandbox();

/** The error message of a start that fails. */
async function failedStart(env: Record<string, string>, { env: envOf } = sandbox): Promise<string> {
  const { exitCode, stdout, stderr } = await connectors(['start'], { env: envOf(env) });
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
  expect(stderr).toMatch(/^error: /);
  expect(stderr).not.toMatch(/\n\s+at /);
  return stderr;
}

describe('a start that cannot be', () => {
  test('names every setting that is wrong', async () => {
    expect(await failedStart({ PORT: 'http', LOG_LEVEL: 'loud' })).toBe(
      'error: Invalid settings:\n' +
        '  PORT must be a whole number from 0 to 65535 (got "http").\n' +
        '  LOG_LEVEL must be one of debug, info, warn, error, silent (got "loud").\n',
    );
  });

  test('lists every problem of the project with its place', async () => {
    const project = join(sandbox.folder, 'broken');
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

  test('says that a price file is not there', async () => {
    const file = join(sandbox.folder, 'no-prices.json');
    expect(await failedStart({ PRICES_FILE: file })).toMatch(
      /^error: Cannot use the price file of PRICES_FILE: ENOENT/,
    );
  });

  test('says that there is no project', async () => {
    expect(await failedStart({ PROJECT_DIR: join(sandbox.folder, 'nowhere') })).toContain(
      join(sandbox.folder, 'nowhere'),
    );
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

  test('says that the data folder is a file', async () => {
    writeFileSync(join(sandbox.folder, 'data'), '');
    expect(await failedStart({})).toContain(
      `Cannot write to the data folder ${join(sandbox.folder, 'data')}`,
    );
  });

  const asRoot = process.getuid?.() === 0;
  (asRoot ? test.skip : test)('says that the data folder may not be written', async () => {
    mkdirSync(join(sandbox.folder, 'data'), { mode: 0o500 });
    expect(await failedStart({})).toContain(
      `Cannot write to the data folder ${join(sandbox.folder, 'data')}`,
    );
    chmodSync(join(sandbox.folder, 'data'), 0o700);
  });

  test('says that the key of the secrets is none', async () => {
    expect(await failedStart({ SECRET_KEY: 'short' })).toContain(
      'The key in SECRET_KEY must be 32 bytes in base64',
    );
  });
});

describe('a start on the data folder of another system', () => {
  const other = useStartSandbox('all tests');
  let system: StartedSystem;
  beforeAll(async () => {
    system = await other.start(/Press Ctrl\+C to stop/);
  });

  test('says that the folder is in use, and by which process', async () => {
    const said = await failedStart({}, other);
    expect(said).toContain(join(other.folder, 'data'));
    expect(said).toContain(String(system.child.pid));
  });

  test('says that the folder is from a newer version', async () => {
    await system.stop();
    const database = new DatabaseSync(join(other.folder, 'data/engine.db'));
    database.exec('PRAGMA user_version = 9999');
    database.close();
    expect(await failedStart({}, other)).toMatch(/newer version/);
  });
});
