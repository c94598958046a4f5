import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { writeBundle } from './write-bundle.ts';

test('a bundle that a crash has left empty or in part is written again', async () => {
  const buildDir = await mkdtemp(join(tmpdir(), 'bundle-'));
  const digest = '0'.repeat(32);
  await mkdir(join(buildDir, digest));
  await writeFile(join(buildDir, digest, 'project.mjs'), '');
  await writeFile(join(buildDir, digest, 'project.mjs.map'), '{"vers');
  const files = new Map([
    ['project.mjs', 'export const tools = {};'],
    ['project.mjs.map', '{"version":3}'],
  ]);
  await writeBundle(buildDir, digest, files);
  for (const [name, text] of files) expect(await readFile(join(buildDir, digest, name), 'utf8')).toBe(text);
  await rm(buildDir, { recursive: true });
});
