import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { leftOut } from './left-out.ts';

const root = join(import.meta.dirname, '../..');
const folder = join(root, 'test/scenarios');

/** Texts in quotes, so that a title that is only part of another one does not do. */
const quotes = ["'", '"', '`'] as const;

describe.each(leftOut)('what is left out of a deployment: $reason', ({ shownBy }) => {
  test.each(shownBy)('is shown by $file: $test', async (shown) => {
    const text = await readFile(join(root, shown.file), 'utf8');
    expect(quotes.some((quote) => text.includes(`${quote}${shown.test}${quote}`))).toBe(true);
  });
});

const listed = leftOut.flatMap(({ scenarios }) => scenarios);

test('no scenario is left out twice', () => expect(new Set(listed).size).toBe(listed.length));

describe.each(await scenarioFiles())('the scenarios of $name', ({ text }) => {
  test('leave nothing out by themselves', () => {
    expect(text).not.toMatch(/\.(skip|only|failing|todo)\b/);
  });

  test('are left out by name where they ask for the process', () => {
    if (!/\bstartProduct\(|\.process\b|\bprocess: /.test(text)) return;
    const subjects = [...text.matchAll(/describe(?:\.each\([^)]*\))?\(\s*'([^'%]+)/g)].flatMap(
      ([, title]) => title ?? [],
    );
    expect(subjects.filter((subject) => listed.some((name) => name.startsWith(subject)))).not.toEqual([]);
  });
});

async function scenarioFiles() {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.test.ts'));
  return Promise.all(names.map(async (name) => ({ name, text: await readFile(join(folder, name), 'utf8') })));
}
