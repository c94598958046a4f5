import { existsSync } from 'node:fs';
import { copyFile, mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type BuildOptions, build, type Metafile, type Plugin } from 'esbuild';

const repository = join(import.meta.dirname, '../..');

/**
 * Writes the bundle of an entry point into a folder, as `index.mjs` and the files that it imports: ES modules with the AWS
 * SDK inside. What is imported when it is needed (models, rare clients) is a file of its own, which a start does not read.
 *
 * @param entry file name in `lambdas/`, without its ending
 * @returns esbuild's account of what went where
 */
export function bundle(entry: string, outputDir: string): Promise<Metafile> {
  return bundleFile(join(repository, 'lambdas', `${entry}.ts`), outputDir);
}

/** The same for a file that is no entry point of the product. */
export async function bundleFile(file: string, outputDir: string): Promise<Metafile> {
  const { metafile } = await build({ ...bundleOptions, entryPoints: { index: file }, outdir: outputDir });
  return metafile;
}

/** zod speaks 50 languages, of which we use the first; together they are more code than all that a request needs. */
const englishOnly: Plugin = {
  name: 'english-only',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /\/locales\/index\.js$/ }, ({ importer, path, resolveDir }) =>
      importer.includes('/node_modules/zod/')
        ? { path: join(resolveDir, path), namespace: 'english-only' }
        : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'english-only' }, ({ path }) => ({
      contents: "export { default as en } from './en.js';",
      resolveDir: join(path, '..'),
    }));
  },
};

/** Packages with WebAssembly read it from beside their code, so it is copied to beside the bundle's. */
const webAssemblyBeside: Plugin = {
  name: 'web-assembly-beside',
  setup({ onLoad, initialOptions }) {
    onLoad({ filter: /\/node_modules\/.*\.js$/ }, async ({ path }) => {
      const file = path.replace(/\.js$/, '.wasm');
      if (existsSync(file) && initialOptions.outdir !== undefined) {
        await mkdir(initialOptions.outdir, { recursive: true });
        await copyFile(file, join(initialOptions.outdir, basename(file)));
      }
      return undefined;
    });
  },
};

const bundleOptions = {
  absWorkingDir: repository,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  outExtension: { '.js': '.mjs' },
  // Packages that publish ES modules as well are taken as such: what is not used of them falls away.
  mainFields: ['module', 'main'],
  minify: true,
  sourcemap: 'linked',
  sourcesContent: false,
  legalComments: 'none',
  logLevel: 'warning',
  metafile: true,
  plugins: [englishOnly, webAssemblyBeside],
  // CommonJS packages inside an ES module still ask for Node's own modules by `require`, and for their folder.
  banner: {
    js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url),__dirname=import.meta.dirname;",
  },
} satisfies BuildOptions;
