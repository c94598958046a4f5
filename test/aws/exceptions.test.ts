import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { emulatorExceptions } from './exceptions.ts';

const root = join(import.meta.dirname, '../..');

describe.each(emulatorExceptions)('the exception $name', ({ scenarios, provedBy }) => {
  test('has a test in its place', () => {
    expect(existsSync(join(root, provedBy))).toBe(true);
  });

  test('names scenarios that there are', async () => {
    const folder = join(root, 'test/scenarios');
    const files = (await readdir(folder)).filter((name) => name.endsWith('.test.ts'));
    const texts = await Promise.all(files.map((name) => readFile(join(folder, name), 'utf8')));
    const titles = texts.flatMap((text) =>
      [...text.matchAll(/(?:describe|test)(?:\.each\([^)]*\))?\(\s*'([^']+)'/g)].map(
        ([, title]) => title ?? '',
      ),
    );
    for (const scenario of scenarios) {
      expect(titles.filter((title) => scenario.startsWith(title))).not.toEqual([]);
    }
  });
});
