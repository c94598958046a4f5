import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { type AssetCode, Code } from 'aws-cdk-lib/aws-lambda';
import { type BuildOptions, buildSync } from 'esbuild';

export const repository = fileURLToPath(new URL('..', import.meta.url));

/** A folder that is put beside a function's code. */
export interface PackedFolder {
  readonly from: string;
  /** Relative to the function's code. */
  readonly to: string;
}

/**
 * The code of one entry point: ES modules with the AWS SDK inside. What is imported when it is needed (models, rare
 * clients) is a file of its own, which a start does not read.
 *
 * Built at synth by the esbuild that is installed here: no Docker, no network.
 *
 * @param entry file name in `lambdas/`, without its ending
 */
export function bundledCode(entry: string, folders: readonly PackedFolder[]): AssetCode {
  return Code.fromAsset(join(repository, 'lambdas'), {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      image: DockerImage.fromRegistry('not-used'),
      // Part of what tells one asset from another.
      command: [entry, ...folders.flatMap(({ from, to }) => [from, to])],
      local: {
        tryBundle(outputDir) {
          bundle(entry, outputDir);
          for (const { from, to } of folders) cpSync(from, join(outputDir, to), { recursive: true });
          return true;
        },
      },
    },
  });
}

/** Writes the bundle of an entry point into a folder, as `index.mjs` and the files that it imports. */
export function bundle(entry: string, outputDir: string) {
  return buildSync({
    ...house,
    entryPoints: { index: join(repository, 'lambdas', `${entry}.ts`) },
    outdir: outputDir,
  });
}

const house = {
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
  // CommonJS packages inside an ES module still ask for Node's own modules by `require`.
  banner: {
    js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
  },
} satisfies BuildOptions;
