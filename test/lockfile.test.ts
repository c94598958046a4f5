import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';

const root = join(import.meta.dirname, '..');

const versions = z.record(z.string(), z.string()).default({});
const manifest = z.object({
  dependencies: versions,
  devDependencies: versions,
  optionalDependencies: versions,
});
const lockfile = z.object({
  packages: z.record(
    z.string(),
    z.object({ resolved: z.string().optional(), integrity: z.string().optional() }),
  ),
});

async function readJson(name: string): Promise<unknown> {
  return JSON.parse(await readFile(join(root, name), 'utf8'));
}

describe('what npm ci installs', () => {
  test('every direct dependency is pinned to one version', async () => {
    const { dependencies, devDependencies, optionalDependencies } = manifest.parse(
      await readJson('package.json'),
    );
    const direct = Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies });
    expect(direct.filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([]);
  });

  test('the lockfile names no registry, so that every registry or mirror serves it', async () => {
    const { packages } = lockfile.parse(await readJson('package-lock.json'));
    const named = Object.entries(packages).filter(([, entry]) => entry.resolved !== undefined);
    expect(named).toEqual([]);
  });

  test('the lockfile knows the content of every package', async () => {
    const { packages } = lockfile.parse(await readJson('package-lock.json'));
    const unknown = Object.entries(packages).filter(([path, entry]) => path !== '' && !entry.integrity);
    expect(unknown).toEqual([]);
  });
});
