import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Metafile } from 'esbuild';
import { bundle } from '../../lib/bundle/bundle.ts';

/** Budget of the functions that somebody waits for: what a start reads, minified. */
const budgetBytes = 640_000;
/** `events` serves readers of changes with the library of the management API. */
const others: Readonly<Record<string, number>> = { events: 675_000 };
const budgetOf = (entry: string) => others[entry] ?? budgetBytes;

/** The files that are read before the first request: all but those that are imported when they are needed. */
function startFiles({ outputs }: Metafile): string[] {
  const files = new Set<string>();
  const add = (file: string) => {
    if (files.has(file)) return;
    files.add(file);
    for (const { kind, path } of outputs[file]?.imports ?? []) if (kind === 'import-statement') add(path);
  };
  for (const file of Object.keys(outputs)) if (file.endsWith('/index.mjs')) add(file);
  return [...files].filter((file) => outputs[file] !== undefined);
}

/** Declares the tests of functions that somebody waits for, or that take every event. */
export function checkBundles(entries: readonly string[]): void {
  describe.each(entries)('the bundle of %s', (entry) => {
    let folder = '';
    let metafile: Metafile;
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'bundle-'));
      metafile = await bundle(entry, folder);
    });
    afterAll(() => rm(folder, { recursive: true, force: true }));

    test('is within its budget', () => {
      const bytes = startFiles(metafile).map((file) => metafile.outputs[file]?.bytes ?? 0);
      expect(bytes.reduce((total, each) => total + each, 0)).toBeLessThanOrEqual(budgetOf(entry));
    });

    test('reads no model, no HTTP client and no rare client of AWS at its start', () => {
      const inputs = startFiles(metafile).flatMap((file) =>
        Object.keys(metafile.outputs[file]?.inputs ?? {}),
      );
      expect(inputs.length).toBeGreaterThan(100);
      expect(
        inputs.filter((input) =>
          /node_modules\/(ai|@ai-sdk|undici|kafkajs|@aws-sdk\/client-(s3|scheduler|lambda|kafka|eventbridge))\//.test(
            input,
          ),
        ),
      ).toEqual([]);
    });
  });
}
