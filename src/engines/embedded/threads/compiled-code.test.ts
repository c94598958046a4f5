import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from '@jest/globals';

const compiledCodeUrl = new URL('./compiled-code.ts', import.meta.url).href;

/** Prints the compile cache of this process, then that of one of its threads. */
const compare = `
  import { Worker } from 'node:worker_threads';
  import { getCompileCacheDir } from 'node:module';
  import { compiledCode } from '${compiledCodeUrl}';
  console.log(String(getCompileCacheDir()));
  new Worker("console.log(String(require('node:module').getCompileCacheDir()))", {
    eval: true,
    execArgv: [],
    env: compiledCode(),
  });
`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'compiled-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function linesOf(program: string, env: Record<string, string>): string[] {
  const options = { encoding: 'utf8', env, cwd: fileURLToPath(new URL('.', import.meta.url)) } as const;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], options);
  expect(stderr).toBe('');
  return stdout.trim().split('\n');
}

test('a thread keeps its compiled code where the process that started it does', () => {
  const [ofProcess, ofThread] = linesOf(compare, { NODE_COMPILE_CACHE: folder });
  expect(ofProcess).toContain(folder);
  expect(ofThread).toBe(ofProcess);
});

test('a thread of a process that keeps no compiled code keeps none', () => {
  expect(linesOf(compare, {})).toEqual(['undefined', 'undefined']);
});

const writesUrl = new URL('../writes/write-batch.ts', import.meta.url).href;

/** Prints each file that the code of the writer loads. */
const list = `
  import { registerHooks } from 'node:module';
  registerHooks({
    load(url, context, next) {
      console.log(url);
      return next(url, context);
    },
  });
  await import('${writesUrl}');
`;

test('the thread that writes to the database loads no package, which would double the time of its start', () => {
  const files = linesOf(list, {});
  expect(files).toContain(writesUrl);
  expect(files.filter((file) => file.includes('/node_modules/'))).toEqual([]);
});
