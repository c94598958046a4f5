import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Path of a program of ours in `folder`: its source here, compiled where this is installed in another's app. */
export function programIn(folder: string, name: string): string {
  const source = join(folder, `${name}.ts`);
  return existsSync(source) ? source : join(folder, `${name}.js`);
}
