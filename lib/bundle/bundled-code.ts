import { execFileSync } from 'node:child_process';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { type AssetCode, Code } from 'aws-cdk-lib/aws-lambda';
import { programIn } from '../program.ts';

/** Here the repository, in another's app the installed package: both have the same folders. */
export const repository = join(import.meta.dirname, '../..');

/** A folder that is put beside a function's code. */
export interface PackedFolder {
  readonly from: string;
  /** Relative to the function's code. */
  readonly to: string;
}

/**
 * The code of one entry point, with its folders beside it. Built at synth by the esbuild that is installed here: no Docker,
 * no network. In a process of its own, because constructs are made synchronously and esbuild's plugins are not.
 *
 * @param entry file name in `lambdas/`, without its ending
 */
export function bundledCode(entry: string, folders: readonly PackedFolder[]): AssetCode {
  const script = programIn(import.meta.dirname, 'write-bundle');
  return Code.fromAsset(join(repository, 'lambdas'), {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      image: DockerImage.fromRegistry('not-used'),
      // Part of what tells one asset from another.
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
