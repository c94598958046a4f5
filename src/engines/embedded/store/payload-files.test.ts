import { chmod, chown, mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { temporaryFolder } from '../../../../test/embedded/test-stores.ts';
import { PayloadFiles } from './data-folder.ts';

/** The user `nobody` on most systems. Any user but root would do: permissions do not stop root. */
const nobody = 65_534;

describe('files of payloads', () => {
  let folder: string;
  let payloads: string;
  beforeEach(async () => {
    folder = await temporaryFolder();
    payloads = path.join(folder, 'payloads');
    await mkdir(payloads);
  });
  afterEach(() => rm(folder, { recursive: true }));

  const withoutRoot = async (body: () => Promise<void>) => {
    if (process.getuid?.() !== 0) return body();
    for (const owned of [folder, payloads]) await chown(owned, nobody, nobody);
    process.seteuid?.(nobody);
    return body().finally(() => process.seteuid?.(0));
  };

  test('are not left behind where they are not known to be on the disk', async () => {
    await withoutRoot(async () => {
      // The folder accepts files but cannot be opened for syncing.
      await chmod(payloads, 0o300);
      await expect(new PayloadFiles(payloads).store('x'.repeat(200_000))).rejects.toMatchObject({
        name: 'RetryableError',
        message: 'A large payload could not be written to the data folder.',
        cause: { code: 'EACCES', syscall: 'open', path: payloads },
      });
      await chmod(payloads, 0o700);
    });
    const left = await readdir(payloads, { recursive: true, withFileTypes: true });
    expect(left.filter((entry) => entry.isFile())).toEqual([]);
  });
});
