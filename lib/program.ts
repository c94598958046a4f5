import { existsSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Path of one of our programs in `folder`: the source in this repository, the compiled file in the installed package.
 */
export function programIn(folder: string, name: string): string {
  const source = join(folder, `${name}.ts`);
  return existsSync(source) ? source : join(folder, `${name}.js`);
}
