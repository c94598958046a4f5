import { execFileSync } from 'node:child_process';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { type AssetCode, Code } from 'aws-cdk-lib/aws-lambda';
import { programIn } from '../program.ts';

/** The repository here, the installed package in another app: both have the same folders. */
export const repository = join(import.meta.dirname, '../..');

/** A folder to copy next to a function's code. */
export interface PackedFolder {
  readonly from: string;
  /** Relative to the function's code. */
  readonly to: string;
}

/**
 * The code of one entry point and its folders. The installed esbuild bundles it at synth, without Docker or network. It
 * runs in its own process because constructs are synchronous and esbuild's plugins are not.
 *
 * @param entry file name in `lambdas/`, without its extension
 */
export function bundledCode(entry: string, folders: readonly PackedFolder[]): AssetCode {
  const script = programIn(import.meta.dirname, 'write-bundle');
  return Code.fromAsset(join(repository, 'lambdas'), {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      image: DockerImage.fromRegistry('not-used'),
      // Part of the asset's hash input: it distinguishes one asset from another.
      command: [entry, ...folders.flatMap(({ from, to }) => [from, to])],
      local: {
        tryBundle(outputDir) {
          execFileSync(process.execPath, [script, entry, outputDir], {
            stdio: ['ignore', 'ignore', 'inherit'],
          });
          for (const { from, to } of folders) cpSync(from, join(outputDir, to), { recursive: true });
          return true;
        },
      },
    },
  });
}
