import { execFileSync } from 'node:child_process';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import * as z from 'zod';
import { connectorFileSchema } from '../../src/agents/connector-files/file-schema.ts';
import { agentFileSchema } from '../../src/agents/project/agent-file-schema.ts';
import { loadConnectorTypes } from '../../src/connectors/index.ts';

const root = join(import.meta.dirname, '../..');
const target = join(root, 'dist/package');
/** As deep below the package as the sources are below the repository, so both find the other folders the same way. */
const compiled = join(target, 'lib/compiled');

/** The sources of the functions; esbuild bundles them when an app is synthesized. */
const sourceFolders = ['lambdas', 'src'];
/** Tests, code that only the embedded engine uses, and files that only the page's build needs. */
const leftOut = /\.test\.ts$|\.(br|gz)$|\/src\/(cli|server)$|\/(conformance|embedded|\.vite)$/;
const otherFiles = ['dist/dashboard', 'LICENSE'];

/** The strictest requirement of the dependencies. The app's own Node bundles functions and loads the project. */
const neededNode = '^22.22.0 || >=24.11.0';

const manifest = z.object({
  name: z.string(),
  version: z.string(),
  description: z.string(),
  license: z.string(),
  keywords: z.array(z.string()),
  dependencies: z.record(z.string(), z.string()),
  devDependencies: z.record(z.string(), z.string()),
});

/** What the code of agents imports, without its extension. */
const agentCode = 'src/agents/agent-code';

/** The path of a file of this package in a declaration. */
const imported = /'(\.{1,2}\/[\w/-]+)\.ts'/g;

/**
 * A program that writes the npm package for other CDK apps to `dist/package`. Node does not strip types below
 * `node_modules`, so the code that runs in the app is compiled; the functions' code is shipped as source.
 */
await rm(target, { recursive: true, force: true });
await Promise.all([compile(), copySources(), writeManifest(), writeSchemas()]);
await declare();

/** Compiles the construct for both `import` and `require`, and the programs that it starts. */
async function compile(): Promise<void> {
  const shared = { bundle: true, platform: 'node', target: 'node20', packages: 'external' } as const;
  await build({
    ...shared,
    entryPoints: { index: join(root, 'lib/stack.ts') },
    outdir: compiled,
    format: 'cjs',
    outExtension: { '.js': '.cjs' },
    define: { 'import.meta.dirname': '__dirname' },
  });
  await build({
    ...shared,
    entryPoints: { agent: join(root, 'src/agents/agent-code.ts') },
    outdir: compiled,
    format: 'cjs',
    outExtension: { '.js': '.cjs' },
  });
  await build({
    ...shared,
    entryPoints: [join(root, 'lib/project/write-project.ts'), join(root, 'lib/bundle/write-bundle.ts')],
    entryNames: '[name]',
    outdir: compiled,
    format: 'esm',
  });
}

async function copySources(): Promise<void> {
  const isShipped = (path: string) => !leftOut.test(path);
  for (const name of [...sourceFolders, ...otherFiles]) {
    await cp(join(root, name), join(target, name), { recursive: true, filter: isShipped });
  }
  await cp(join(import.meta.dirname, 'README.md'), join(target, 'README.md'));
}

/** Writes the JSON Schemas of a project's files, for editors. */
async function writeSchemas(): Promise<void> {
  const schemas = {
    agent: agentFileSchema('agent'),
    'agent-defaults': agentFileSchema('agent-defaults'),
    connector: connectorFileSchema(await loadConnectorTypes()),
  };
  await mkdir(join(target, 'schemas'), { recursive: true });
  for (const [name, schema] of Object.entries(schemas)) {
    await writeFile(join(target, 'schemas', `${name}.json`), JSON.stringify(schema));
  }
}

/** Omits the commands and scripts: they run from the sources and need a clone. */
async function writeManifest(): Promise<void> {
  const { devDependencies, ...own } = manifest.parse(
    JSON.parse(await readFile(join(root, 'package.json'), 'utf8')),
  );
  const { 'aws-cdk-lib': library = '', constructs = '' } = devDependencies;
  const written = {
    ...own,
    type: 'module',
    engines: { node: neededNode },
    exports: {
      '.': { types: './lib/compiled/stack.d.cts', default: './lib/compiled/index.cjs' },
      './agent': { types: `./lib/${agentCode}.d.cts`, default: './lib/compiled/agent.cjs' },
    },
    peerDependencies: { 'aws-cdk-lib': `^${library}`, constructs: `^${constructs}` },
  };
  await mkdir(target, { recursive: true });
  await writeFile(join(target, 'package.json'), `${JSON.stringify(written, null, 2)}\n`);
}

/** Writes the types of the exports: the stack's, and those of every file that they reference. */
async function declare(): Promise<void> {
  const folder = join(target, 'declarations');
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  const options = ['--project', join(root, 'lib/package/tsconfig.json'), '--outDir', folder];
  execFileSync(process.execPath, [compiler, ...options], { stdio: 'inherit' });
  const named = new Set(['stack', `../${agentCode}`]);
  for (const name of named) {
    const text = await readFile(join(folder, 'lib', `${name}.d.ts`), 'utf8');
    for (const [, path = ''] of text.matchAll(imported)) named.add(join(dirname(name), path));
    const written = join(compiled, `${name}.d.cts`);
    await mkdir(dirname(written), { recursive: true });
    await writeFile(written, text.replaceAll(imported, "'$1.cjs'"));
  }
  await rm(folder, { recursive: true });
}
