import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { bundleFile } from '../../lib/bundle/bundle.ts';

const run = promisify(execFile);
const source = join(import.meta.dirname, '../../src/connectors/postgres/where-clause.ts');

test('a package with WebAssembly works in a bundle, wherever the bundle is', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'bundle-'));
  try {
    await bundleFile(source, folder);
    const program = join(folder, 'ask.mjs');
    await writeFile(
      program,
      "const { whereProblem } = await import('./index.mjs'); console.log(await whereProblem('a = 1'), await whereProblem('a ='));",
    );
    const { stdout } = await run(process.execPath, [program], { cwd: tmpdir() });
    expect(stdout.trim()).toBe('null must be one SQL expression: syntax error at end of input.');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
