import { getCompileCacheDir } from 'node:module';
import { dirname } from 'node:path';

/**
 * The environment with which a thread or process uses this process's compile cache; it does not inherit the cache
 * (Node's documentation, "Module compile cache"). Empty if there is no cache.
 */
export function compiledCode(): Readonly<Record<string, string>> {
  const folder = getCompileCacheDir();
  // Node creates a folder for its own version below the given one.
  return folder === undefined ? {} : { NODE_COMPILE_CACHE: dirname(folder) };
}
