import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { writeDurably, writeDurablySync } from './write-durably.ts';

describe.each([
  ['writeDurably', writeDurably],
  ['writeDurablySync', async (file: string, text: string) => writeDurablySync(file, text)],
])('%s', (_, write) => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'files-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  test('puts a whole file of its owner in the place of what was there', async () => {
    const file = join(folder, 'token');
    await writeFile(file, 'an earlier text that is longer', { mode: 0o644 });
    await write(file, 'the text');
    expect(await readFile(file, 'utf8')).toBe('the text');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(['token']);
  });

  test('gives a reader the old file or the new one, never a part: the file itself is not written into', async () => {
    const file = join(folder, 'token');
    await write(file, 'old');
    const before = await stat(file);
    await write(file, 'new');
    expect((await stat(file)).ino).not.toBe(before.ino);
  });

  test('leaves what was there, and nothing else, where the new text cannot be put in its place', async () => {
    const file = join(folder, 'token');
    await mkdir(join(file, 'in-the-way'), { recursive: true });
    await expect(write(file, 'the text')).rejects.toThrow(/EISDIR|ENOTEMPTY|EEXIST/);
    expect(await readdir(folder)).toEqual(['token']);
  });
});
