import { createHash } from 'node:crypto';
import { access, mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { codeFileName } from './bundle-code.ts';

/** Bundles that are kept beside the newest: workers may still be starting from the one before. */
const keptBundles = 5;

/**
 * Writes a bundle into the build folder, in a folder named by its digest; where that is there already, nothing is written.
 *
 * @returns the path of the module
 */
export async function writeBundle(
  buildDir: string,
  digest: string,
  files: ReadonlyMap<string, string>,
): Promise<string> {
  const folder = join(buildDir, digest);
  if (!(await exists(join(folder, codeFileName)))) {
    await mkdir(folder, { recursive: true });
    await Promise.all([...files].map(([name, text]) => writeWhole(join(folder, name), text)));
    await removeOldBundles(buildDir, digest);
  }
  return join(folder, codeFileName);
}

/** A name for what is in a project: equal for equal content, wherever the project lies. */
export function digestOf(texts: Iterable<string>): string {
  const hash = createHash('sha256');
  for (const text of texts) hash.update(text).update('\0');
  return hash.digest('hex').slice(0, 32);
}

/** Another process may write the same file: neither ever sees half of it. */
async function writeWhole(path: string, text: string): Promise<void> {
  const unfinished = `${path}.${process.pid}`;
  await writeFile(unfinished, text);
  await rename(unfinished, path);
}

async function removeOldBundles(buildDir: string, current: string): Promise<void> {
  const digests = (await readdir(buildDir)).filter((name) => /^[0-9a-f]{32}$/.test(name) && name !== current);
  const dated = await Promise.all(
    digests.map(async (name) => ({ name, writtenAt: (await stat(join(buildDir, name))).mtimeMs })),
  );
  const old = dated.sort((left, right) => right.writtenAt - left.writtenAt).slice(keptBundles);
  await Promise.all(old.map(({ name }) => rm(join(buildDir, name), { recursive: true, force: true })));
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}
