import { existsSync } from 'node:fs';
import { copyFile, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type BuildOptions, build, type Metafile, type Plugin } from 'esbuild';

const repository = join(import.meta.dirname, '../..');

/**
 * Bundles an entry point into a folder: `index.mjs` and its chunks, as ES modules that include the AWS SDK. Dynamic
 * imports (models, rarely used clients) become separate files that a cold start does not read.
 *
 * @param entry file name in `lambdas/`, without its extension
 * @returns esbuild's metafile
 */
export function bundle(entry: string, outputDir: string): Promise<Metafile> {
  return bundleFile(join(repository, 'lambdas', `${entry}.ts`), outputDir);
}

/** Bundles a file that is not one of the product's entry points. */
export async function bundleFile(file: string, outputDir: string): Promise<Metafile> {
  const { metafile } = await build({ ...bundleOptions, entryPoints: { index: file }, outdir: outputDir });
  return metafile;
}

/** zod ships 50 locales and we use only English. Together they are larger than all the code that a request needs. */
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

/**
 * The SDKs of models and of the Model Context Protocol are read when they are needed, and use all of zod. They get a copy of
 * it, because a start would read all that any chunk uses.
 */
const zodOfModels: Plugin = {
  name: 'zod-of-models',
  setup({ onResolve, onLoad, resolve }) {
    const namespace = 'zod-of-models';
    onResolve({ filter: /^zod($|\/)/ }, async ({ importer, path, pluginData, ...where }) => {
      if (
        pluginData === namespace ||
        !/\/node_modules\/(ai|@ai-sdk|@openrouter|@modelcontextprotocol)\//.test(importer)
      )
        return undefined;
      const found = await resolve(path, { importer, ...where, pluginData: namespace });
      return { ...found, namespace };
    });
    onResolve({ filter: /^\./, namespace }, ({ importer, path }) => ({
      path: join(importer, '..', path),
      namespace,
    }));
    onLoad({ filter: /.*/, namespace }, async ({ path }) => ({
      contents: await readFile(path, 'utf8'),
      resolveDir: join(path, '..'),
    }));
  },
};

/** The library of the management API hands over all of zod where it needs one class. */
const classOfZod: Plugin = {
  name: 'class-of-zod',
  setup({ onLoad }) {
    onLoad({ filter: /\/@hono\/zod-openapi\/dist\/index\.mjs$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      const contents = text.replace('extendZodWithOpenApi(z);', 'extendZodWithOpenApi({ ZodType });');
      if (contents === text) return { errors: [{ text: `${path} no longer hands over zod` }] };
      return { contents: `import { ZodType } from 'zod';${contents}`, resolveDir: join(path, '..') };
    });
  },
};

/** Packages with WebAssembly read it from the folder of their code, so the plugin copies it next to the bundle. */
const webAssemblyBeside: Plugin = {
  name: 'web-assembly-beside',
  setup({ onEnd, initialOptions: { absWorkingDir = '', outdir = '' } }) {
    onEnd(async ({ metafile }) => {
      for (const input of Object.keys(metafile?.inputs ?? {})) {
        const file = join(absWorkingDir, input.replace(/\.js$/, '.wasm'));
        if (input.endsWith('.js') && existsSync(file)) await copyFile(file, join(outdir, basename(file)));
      }
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
  // Prefer a package's ES modules, so that esbuild can drop unused code.
  mainFields: ['module', 'main'],
  minify: true,
  sourcemap: 'linked',
  sourcesContent: false,
  legalComments: 'none',
  logLevel: 'warning',
  metafile: true,
  plugins: [zodOfModels, englishOnly, classOfZod, webAssemblyBeside],
  // CommonJS packages inside an ES module still call `require` for Node's own modules and read `__dirname`.
  banner: {
    js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url),__dirname=import.meta.dirname;",
  },
} satisfies BuildOptions;
