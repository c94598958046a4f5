import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

const root = join(import.meta.dirname, '..');
let folder: string;
let config: string;

/** Fails at its first run only. */
const byChance = `
const { existsSync, writeFileSync } = require('node:fs');
test('waits long enough', () => {
  const before = existsSync(__filename + '.ran');
  writeFileSync(__filename + '.ran', '');
  expect(before).toBe(true);
});`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'second-try-'));
  config = join(folder, 'jest.config.json');
  const testsOf = async (name: string, code: string) => {
    await mkdir(join(folder, name));
    await writeFile(join(folder, name, `${name}.test.js`), code);
  };
  await writeFile(config, JSON.stringify({ testEnvironment: 'node', transform: {} }));
  await testsOf('sound', `test('holds', () => undefined);`);
  await testsOf('chance', byChance);
  await testsOf('broken', `test('adds', () => expect(1 + 1).toBe(3));`);
});
afterAll(() => rm(folder, { recursive: true }));

function run(...args: readonly string[]) {
  const { stdout, status } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
  return { status, lines: stdout.trim().split('\n') };
}

/** Runs the tests of the named folders, then what failed of them; says how both ended, and what is printed in the end. */
async function inTwoTries(...names: readonly string[]) {
  const reports = await mkdtemp(join(folder, 'reports-'));
  const report = join(reports, 'report.json');
  const roots = names.flatMap((name) => ['--roots', join(folder, name)]);
  const args = ['--config', config, '--json', '--outputFile', report];
  const first = run('node_modules/jest/bin/jest.js', ...args, ...roots);
  const second = run('test/second-try.ts', report, '--config', config);
  const failed = second.status === 0 ? [] : ['the tests'];
  return { first, second, sum: run('test/sum-up.ts', reports, ...failed).lines };
}

test('a test that fails at first and passes alone is counted as passed, and named', async () => {
  const { first, second, sum } = await inTwoTries('sound', 'chance');
  expect(first.status).toBe(1);
  expect(second.status).toBe(0);
  expect(sum).toEqual([
    expect.stringMatching(/^passed at the second try: .*chance\.test\.js: waits long enough$/),
    '2 passed, 0 failed',
  ]);
});

test('a test that fails both times has failed, with its reason at the end', async () => {
  const { second, sum } = await inTwoTries('sound', 'broken');
  expect(second.status).toBe(1);
  expect(sum[0]).toMatch(/^FAIL .*broken\.test\.js$/);
  expect(sum.join('\n')).toContain('Expected: 3');
  expect(sum.slice(-2)).toEqual(['failed: the tests', '1 passed, 1 failed']);
});
