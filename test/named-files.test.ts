import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, normalize } from 'node:path';
import { expect, test } from '@jest/globals';

const root = join(import.meta.dirname, '..');

const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { cwd: root, encoding: 'utf8' })
  .split('\n')
  .filter((file) => file !== '' && existsSync(join(root, file)));

const known = new Set(files);
const names = new Set(files.map((file) => basename(file)));

/** Code whose comments and pages whose texts may name files; decisions and the changelog tell of other times. */
const code = files.filter((file) => /^(src|lib|lambdas|bin|dashboard|bench)\/.*\.tsx?$/.test(file));
const pages = files.filter((file) => /^(docs\/(?!decisions)|README|CONTRIBUTING).*\.md$/.test(file));

/** Examples: files of a user's project. */
const examples = ['_shared.ts'];

/** Files that a text names. @param texts where it may name them */
function namedIn(texts: RegExp, text: string): string[] {
  const named = [...text.matchAll(texts)].flatMap(([part]) => [
    ...part.matchAll(/(?<![\w./-])(?:[\w-]+\/)*[\w.-]+\.(?:tsx?|md)\b/g),
  ]);
  return [...new Set(named.map(([name]) => name))].filter((name) => !examples.includes(name));
}

/** Whether there is such a file: anywhere, if only its name or the end of its path is given. */
function exists(name: string, from: string): boolean {
  if (!name.includes('/')) return names.has(name);
  const paths = [name, normalize(join(dirname(from), name))];
  return paths.some((path) => known.has(path)) || files.some((file) => file.endsWith(`/${name}`));
}

function missing(file: string, texts: RegExp): string[] {
  const named = namedIn(texts, readFileSync(join(root, file), 'utf8'));
  return named.filter((name) => !exists(name, file)).map((name) => `${file}: ${name}`);
}

test('comments name only files that exist', () => {
  expect(code.flatMap((file) => missing(file, /\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*/g))).toEqual([]);
});

test('pages name only folders and files of the repository that exist', () => {
  expect(
    pages.flatMap((file) => missing(file, /`(?:src|test|lib|lambdas|docs|bench)\/[^`]*`|\]\([^):]+\.md/g)),
  ).toEqual([]);
  const folders = pages.flatMap((file) => {
    const text = readFileSync(join(root, file), 'utf8');
    const named = text.matchAll(/`((?:src|test|lib|lambdas|dashboard|bench|project|docs)\/[\w/-]*)`/g);
    return [...named].map(([, folder = '']) => folder).filter((folder) => !existsSync(join(root, folder)));
  });
  expect(folders).toEqual([]);
});
