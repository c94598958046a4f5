import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { lintPage, type ProseProblem } from './lint-page.ts';
import { lintSource } from './lint-source.ts';
import { proseFiles } from './prose-files.ts';

// Fails where a page, a comment or a message reads like a translation: see style.ts.
const problems = (await Promise.all((await proseFiles()).map(problemsOf))).flat();
for (const { file, line, message } of problems) process.stderr.write(`${file}:${line}: ${message}\n`);
process.exitCode = problems.length === 0 ? 0 : 1;

async function problemsOf(file: string): Promise<ProseProblem[]> {
  const text = await readFile(join(import.meta.dirname, '../..', file), 'utf8');
  return file.endsWith('.md') ? lintPage(file, text) : lintSource(file, text);
}
