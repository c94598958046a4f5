import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'vite';

const root = join(import.meta.dirname, '../..');

/** Folders that the page is made of. */
const sources = ['dashboard', 'src/api/contract'];

/**
 * Builds the dashboard where its build is older than what it is made of: an old page would be looked at without a word. A
 * build that is as new stays, because others may be reading it.
 */
export async function freshPage(): Promise<void> {
  const builtAt = await changedAt(join(root, 'dist/dashboard/index.html'));
  const changes = await Promise.all(sources.map((folder) => newestBelow(join(root, folder))));
  if (Math.max(...changes) < builtAt) return;
  await build({ configFile: join(root, 'dashboard/vite-config.ts'), logLevel: 'warn' });
}

async function newestBelow(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true });
  return Math.max(...(await Promise.all(entries.map((entry) => changedAt(join(folder, entry))))));
}

/** Unix ms; 0 for what is not there. */
async function changedAt(file: string): Promise<number> {
  return (await stat(file).catch(() => null))?.mtimeMs ?? 0;
}

if (import.meta.main) await freshPage();
