import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type ISource, Source } from 'aws-cdk-lib/aws-s3-deployment';
import { repository } from '../../bundle/bundled-code.ts';

const builtPage = join(repository, 'dist/dashboard');

/** CloudFront compresses files itself; only the build reads the manifest. */
const leftAside = ['*.br', '*.gz', '.vite'];

/**
 * The output of `npm run dashboard`.
 *
 * @param folder of the build
 * @throws Error if the build is missing; nothing has been created then
 */
export function builtFiles(folder: string = builtPage): ISource {
  if (!existsSync(join(folder, 'index.html'))) {
    throw new Error(`The dashboard is not built: ${folder} has no index.html. Run "npm run dashboard".`);
  }
  return Source.asset(folder, { exclude: leftAside });
}
