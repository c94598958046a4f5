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
      license: z.string().optional(),
      /** Nothing that is installed with the product needs it. */
      dev: z.boolean().default(false),
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

  test('the lockfile knows the content of every package, but for binaries of tools of development that its registry lacks', async () => {
    const { packages } = lockfile.parse(await readJson('package-lock.json'));
    const unknown = Object.entries(packages).filter(
      ([path, entry]) => path !== '' && !entry.inBundle && !entry.integrity,
    );
    expect(unknown.filter(([, { dev, optional, os }]) => !dev || !optional || os.length === 0)).toEqual([]);
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

/** Licences that everything in the product may have; for another one somebody has to decide (CONTRIBUTING.md). */
const allowedLicences = new Set([
  ...['MIT', 'MIT-0', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', 'Unlicense'],
  '(AFL-2.1 OR BSD-3-Clause)',
  '(MIT OR EUPL-1.1+)',
]);

const knownVulnerabilities = z.object({
  renewed: z.iso.date(),
  vulnerabilities: z.array(
    z.object({
      package: z.string(),
      id: z.string(),
      what: z.string(),
      versions: z.array(z.object({ from: z.string(), before: z.string() })).min(1),
    }),
  ),
});
type Vulnerability = z.infer<typeof knownVulnerabilities>['vulnerabilities'][number];

describe('what is installed with the product', () => {
  const installed = async () => {
    const { packages } = lockfile.parse(await readJson('package-lock.json'));
    return Object.entries(packages)
      .filter(([path, { dev }]) => path !== '' && !dev)
      .map(([path, entry]) => ({ ...entry, name: path.slice(path.lastIndexOf('node_modules/') + 13) }));
  };

  test('has a licence that everybody may use', async () => {
    const others = (await installed()).filter(({ license }) => !allowedLicences.has(license ?? 'none'));
    expect(others.map(({ name, license }) => `${name}: ${license ?? 'none'}`)).toEqual([]);
  });

  test('has no version with a known vulnerability', async () => {
    const { vulnerabilities } = knownVulnerabilities.parse(await readJson('test/known-vulnerabilities.json'));
    const found = (await installed()).flatMap(({ name, version = '' }) =>
      vulnerabilities
        .filter((known) => known.package === name && isVulnerable(version, known))
        .map(({ id, what }) => `${name}@${version}: ${id}, ${what}`),
    );
    expect(found).toEqual([]);
  });

  test('is one Node, whatever the platform', async () => {
    const { optionalDependencies } = manifest.parse(await readJson('package.json'));
    const nodes = Object.entries(optionalDependencies).filter(([name]) => /^node-/.test(name));
    expect(new Set(nodes.map(([, version]) => version)).size).toBe(1);
  });

  test.each([
    ['1.2.2', false],
    ['1.2.3', true],
    ['1.10.0', true],
    ['2.0.0-beta.1', true],
    ['2.0.0', false],
  ])('%s is vulnerable where everything from 1.2.3 before 2.0.0 is: %s', (version, expected) => {
    const known = { package: 'a', id: 'b', what: 'c', versions: [{ from: '1.2.3', before: '2.0.0' }] };
    expect(isVulnerable(version, known)).toBe(expected);
  });
});

function isVulnerable(version: string, { versions }: Vulnerability): boolean {
  return versions.some(({ from, before }) => compare(version, from) >= 0 && compare(version, before) < 0);
}

/** Less than 0 where `one` is the older version. A version of preparation (`2.0.0-beta.1`) is older than what it prepares. */
function compare(one: string, other: string): number {
  const [parts, others] = [one, other].map((version) => version.split(/[.-]/).slice(0, 3).map(Number));
  const differences = (parts ?? []).map((part, index) => part - (others?.[index] ?? 0));
  const isPreparation = (version: string) => (version.includes('-') ? 1 : 0);
  return differences.find((difference) => difference !== 0) ?? isPreparation(other) - isPreparation(one);
}

/** Whether the package at `path` finds the version, as Node looks for it: in its own folder and in those above it. */
function isLocked(packages: Packages, path: string, name: string, version: string): boolean {
  const found = packages[`${path === '' ? '' : `${path}/`}node_modules/${name}`];
  if (found !== undefined) return found.version === version || !/^\d/.test(version);
  if (path === '') return false;
  return isLocked(packages, path.slice(0, Math.max(0, path.lastIndexOf('/node_modules/'))), name, version);
}
