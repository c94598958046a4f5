import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { writeDurably } from '../../files/write-durably.ts';
import { codeFileName } from './bundle-code.ts';

/** Bundles kept besides the newest: workers may still be starting from the previous one. */
const keptBundles = 5;

/**
 * Writes a bundle to the build folder, in a folder named by its digest. Complete files stay as they are; a file that a
 * crash or a full disk has damaged is rewritten.
 *
 * @returns the path of the module
 */
export async function writeBundle(
  buildDir: string,
  digest: string,
  files: ReadonlyMap<string, string>,
): Promise<string> {
  const folder = join(buildDir, digest);
  const missing = await missingOf(folder, files);
  if (missing.length > 0) {
    await mkdir(folder, { recursive: true });
    await Promise.all(missing.map(([name, text]) => writeDurably(join(folder, name), text)));
    await removeOldBundles(buildDir, digest);
  }
  return join(folder, codeFileName);
}

/** A name for a project's content: equal for equal content, wherever the project is. */
export function digestOf(texts: Iterable<string>): string {
  const hash = createHash('sha256');
  for (const text of texts) hash.update(text).update('\0');
  return hash.digest('hex').slice(0, 32);
}

async function removeOldBundles(buildDir: string, current: string): Promise<void> {
  const digests = (await readdir(buildDir)).filter((name) => /^[0-9a-f]{32}$/.test(name) && name !== current);
  const dated = await Promise.all(
    digests.map(async (name) => ({ name, writtenAt: (await stat(join(buildDir, name))).mtimeMs })),
  );
  const old = dated.sort((left, right) => right.writtenAt - left.writtenAt).slice(keptBundles);
  await Promise.all(old.map(({ name }) => rm(join(buildDir, name), { recursive: true, force: true })));
}

async function missingOf(
  folder: string,
  files: ReadonlyMap<string, string>,
): Promise<readonly (readonly [name: string, text: string])[]> {
  const found = await Promise.all(
    [...files].map(async ([name, text]) => ({ name, text, whole: await holds(join(folder, name), text) })),
  );
  return found.filter(({ whole }) => !whole).map(({ name, text }) => [name, text] as const);
}

async function holds(path: string, text: string): Promise<boolean> {
  return readFile(path, 'utf8').then(
    (written) => written === text,
    () => false,
  );
}
