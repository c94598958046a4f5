import { getCompileCacheDir } from 'node:module';
import { dirname } from 'node:path';

/**
 * What the environment of a thread or process needs so that it starts with the code that this process has compiled: a
 * thread is not given that by itself (Node's documentation, "Module compile cache"). Empty where this process keeps none.
 */
export function compiledCode(): Readonly<Record<string, string>> {
  const folder = getCompileCacheDir();
  // Node makes a folder for its own version below the one that it is told.
  return folder === undefined ? {} : { NODE_COMPILE_CACHE: dirname(folder) };
}
