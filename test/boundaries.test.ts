import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as z from 'zod';

const run = promisify(execFile);
const root = join(import.meta.dirname, '..');
const cruiser = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
const sourceFolders = ['src', 'bin', 'lib', 'lambdas', 'dashboard', 'test', 'bench'];

const cruiseResult = z.object({
  modules: z.array(
    z.object({ source: z.string(), dependencies: z.array(z.object({ resolved: z.string() })) }),
  ),
  summary: z.object({
    totalCruised: z.number(),
    violations: z.array(z.object({ from: z.string(), to: z.string(), rule: z.object({ name: z.string() }) })),
  }),
});

interface Imports {
  /** Broken import rules, each as `rule: from -> to`. */
  readonly violations: readonly string[];
  /** What each file imports. */
  readonly files: readonly {
    readonly source: string;
    readonly dependencies: readonly { resolved: string }[];
  }[];
}

/** Every import below `folder`. */
async function importsBelow(folder: string): Promise<Imports> {
  const present = new Set(await readdir(folder));
  const { stdout } = await run(
    process.execPath,
    [
      cruiser,
      '--config',
      join(root, '.dependency-cruiser.js'),
      '--output-type',
      'json',
      ...sourceFolders.filter((name) => present.has(name)),
    ],
    { cwd: folder, maxBuffer: 64 * 1024 * 1024 },
  ).catch((failed: { stdout: string }) => failed);
  const { modules: files, summary } = cruiseResult.parse(JSON.parse(stdout));
  const violations = summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`);
  return { files, violations };
}

/** The part of the product that a file belongs to, as the page on the architecture calls it; `''` for others. */
function partOf(file: string): string {
  if (!/^(src|lib|lambdas|bin|dashboard)\//.test(file) || /\.test\.tsx?$/.test(file)) return '';
  return /^src\/(?:engines\/)?([^/]+)\//.exec(file)?.[1] ?? /^[^/]+/.exec(file)?.[0] ?? '';
}

describe('who imports whom', () => {
  let product: Imports;
  beforeAll(async () => {
    product = await importsBelow(root);
  });

  test('every import keeps the rules of the architecture', () => {
    expect(product.violations).toEqual([]);
    expect(product.files.length).toBeGreaterThan(30);
  });

  test('the picture in docs/architecture.md shows which part imports which', async () => {
    const page = await readFile(join(root, 'docs/architecture.md'), 'utf8');
    const picture = [...page.matchAll(/```mermaid\nflowchart TD\n(.*?)```/gs)].map(([, lines = '']) =>
      lines.trim().split(/\n */),
    );
    const imports = product.files.flatMap(({ source, dependencies }) =>
      dependencies.map(({ resolved }) => [partOf(source), partOf(resolved)] as const),
    );
    const arrows = imports
      .filter(([from, to]) => from !== '' && to !== '' && from !== to)
      .map(([from, to]) => `${from} --> ${to}`);
    expect(picture.map((lines) => lines.sort())).toEqual([[...new Set(arrows)].sort()]);
  });

  describe('an import that breaks a rule is found', () => {
    const offences: Record<string, { file: string; text: string }> = {
      'core-is-pure': { file: 'src/core/a.ts', text: "import 'node:fs';" },
      'connectors-know-the-core-only': { file: 'src/connectors/index.ts', text: "import '../agents/a.ts';" },
      'signatures-are-pure': { file: 'src/signatures/a.ts', text: "import '../core/a.ts';" },
      'net-knows-the-core-only': { file: 'src/net/a.ts', text: "import '../agents/a.ts';" },
      'providers-know-shared-parts-only': {
        file: 'src/providers/a.ts',
        text: "import '../connectors/a/a.ts';",
      },
      'ingress-knows-the-core-only': { file: 'src/ingress/a.ts', text: "import '../connectors/a/a.ts';" },
      'connector-types-know-no-other': { file: 'src/connectors/a/a.ts', text: "import '../b/b.ts';" },
      'stack-knows-connectors-by-their-registry': {
        file: 'lib/a.ts',
        text: "import './connectors/b.ts';",
      },
      'connector-bindings-know-no-other': { file: 'lib/connectors/a/a.ts', text: "import '../b.ts';" },
      'agents-know-the-core-only': { file: 'src/agents/b.ts', text: "import '../engines/aws/a.ts';" },
      'files-know-nobody': { file: 'src/files/a.ts', text: "import '../agents/a.ts';" },
      'engines-do-not-serve': { file: 'src/engines/a.ts', text: "import '../api/a.ts';" },
      'engines-know-no-other': { file: 'src/engines/embedded/a.ts', text: "import '../aws/a.ts';" },
      'api-knows-no-engine': { file: 'src/api/b.ts', text: "import type { A } from '../engines/aws/a.ts';" },
      'contract-runs-anywhere': { file: 'src/api/contract/a.ts', text: "import 'node:crypto';" },
      'only-entry-points-import-server-and-cli': {
        file: 'src/api/c.ts',
        text: "import('../cli/a.ts');",
      },
      'dashboard-knows-the-contract-only': { file: 'dashboard/a.ts', text: "import '../src/agents/a.ts';" },
      'scenarios-are-black-box': {
        file: 'test/scenarios/a.test.ts',
        text: "import '../../src/agents/a.ts';",
      },
      'product-without-tests': { file: 'src/cli/b.ts', text: "import '../../test/x.ts';" },
      'no-circles': { file: 'src/cli/c.ts', text: "import './c.ts';" },
    };
    let folder = '';
    let violations: readonly string[] = [];

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'boundaries-'));
      const targets = ['agents/a', 'connectors/b/b', 'engines/aws/a', 'api/a', 'cli/a'];
      const files = [
        ...targets.map((name) => ({ file: `src/${name}.ts`, text: 'export {};' })),
        { file: 'test/x.ts', text: 'export {};' },
        { file: 'lib/connectors/b.ts', text: 'export {};' },
        ...Object.values(offences),
      ];
      for (const { file, text } of files) {
        await mkdir(join(folder, dirname(file)), { recursive: true });
        await writeFile(join(folder, file), text);
      }
      ({ violations } = await importsBelow(folder));
    });

    afterAll(() => rm(folder, { recursive: true, force: true }));

    test.each(Object.entries(offences))('%s', (rule, { file }) => {
      expect(violations).toContainEqual(expect.stringContaining(`${rule}: ${file} -> `));
    });

    test('and every rule has its offence here', async () => {
      const { default: rules } = await import(join(root, '.dependency-cruiser.js'));
      const names = z.object({ forbidden: z.array(z.object({ name: z.string() })) }).parse(rules);
      expect(names.forbidden.map(({ name }) => name).sort()).toEqual(Object.keys(offences).sort());
    });
  });
});

describe('docs/architecture.md', () => {
  test('names files and folders that exist', async () => {
    const page = await readFile(join(root, 'docs/architecture.md'), 'utf8');
    const named = new Set([...page.matchAll(/`([a-z/-]+\/[a-z.-]*)`/g)].map(([, path = '']) => path));
    const missing = [...named].filter(
      (path) =>
        !['.', 'src', 'src/engines/embedded', 'src/engines/aws'].some((from) =>
          existsSync(join(root, from, path)),
        ),
    );
    expect(missing).toEqual([]);
    expect(named.size).toBeGreaterThan(20);
  });
});

describe('what files are called', () => {
  /** Words that say nothing of what is inside. */
  const empty = /(^|-)(utils?|helpers?|common|manager|services?|types|misc|shared|base|stuff)(-|\.|$)/;

  test('names are kebab-case and say what is inside', async () => {
    const names = await sourceFileNames();
    expect(names.length).toBeGreaterThan(30);
    expect(
      names.filter(
        (name) => !/^[a-z0-9]+(-[a-z0-9]+)*(\.(aws|long))?(\.test|\.d)?\.tsx?$/.test(basename(name)),
      ),
    ).toEqual([]);
    // A command's file is called as the command is: `connectors types`.
    const named = names.filter((name) => !name.startsWith('src/cli/commands/'));
    expect(named.filter((name) => name.split('/').some((part) => empty.test(part)))).toEqual([]);
  });

  async function sourceFileNames(): Promise<string[]> {
    const present = new Set(await readdir(root));
    const lists = sourceFolders
      .filter((folder) => present.has(folder))
      .map(async (folder) =>
        (await readdir(join(root, folder), { recursive: true })).map((name) => `${folder}/${name}`),
      );
    return (await Promise.all(lists)).flat().filter((name) => /\.tsx?$/.test(name));
  }
});
