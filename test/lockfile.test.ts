import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import * as z from 'zod';

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
    z.object({
      version: z.string().optional(),
      resolved: z.string().optional(),
      integrity: z.string().optional(),
      optional: z.boolean().default(false),
      /** It lies inside another package, whose content is known. */
      inBundle: z.boolean().default(false),
      os: z.union([z.string(), z.array(z.string())]).default([]),
      optionalDependencies: versions,
    }),
  ),
});
type Packages = z.infer<typeof lockfile>['packages'];

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

  test('the lockfile knows the content of every package, but for binaries of platforms that its registry lacks', async () => {
    const { packages } = lockfile.parse(await readJson('package-lock.json'));
    const unknown = Object.entries(packages).filter(
      ([path, entry]) => path !== '' && !entry.inBundle && !entry.integrity,
    );
    expect(unknown.filter(([, { optional, os }]) => !optional || os.length === 0)).toEqual([]);
  });

  test('the lockfile has the binaries of every platform: npm ci refuses one that is not complete', async () => {
    const { packages } = lockfile.parse(await readJson('package-lock.json'));
    const missing = Object.entries(packages).flatMap(([path, { optionalDependencies }]) =>
      Object.entries(optionalDependencies)
        .filter(([name, version]) => !isLocked(packages, path, name, version))
        .map(([name, version]) => `${name}@${version}, of ${path}`),
    );
    expect(missing).toEqual([]);
  });
});

/** Whether the package at `path` finds the version, as Node looks for it: in its own folder and in those above it. */
function isLocked(packages: Packages, path: string, name: string, version: string): boolean {
  const found = packages[`${path === '' ? '' : `${path}/`}node_modules/${name}`];
  if (found !== undefined) return found.version === version || !/^\d/.test(version);
  if (path === '') return false;
  return isLocked(packages, path.slice(0, Math.max(0, path.lastIndexOf('/node_modules/'))), name, version);
}
