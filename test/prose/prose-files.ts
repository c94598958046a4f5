import { glob } from 'node:fs/promises';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const patterns = ['*.md', 'docs/**/*.md', '{bench,bin,dashboard,lambdas,lib,src,test}/**/*.{ts,tsx}'];

/** The phrases themselves, and the projects of tests. */
function isLeftOut(file: string): boolean {
  return file.startsWith('test/prose/') || file.includes('/project/');
}

/** Pages and sources, relative to the repository. */
export async function proseFiles(): Promise<string[]> {
  const files = await Array.fromAsync(glob(patterns, { cwd: root }));
  return files.filter((file) => !isLeftOut(file)).sort();
}
