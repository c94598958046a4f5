import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeDurably } from '../../files/write-durably.ts';
import { addressFile } from '../data-folder-files.ts';

/**
 * Notes in the data folder where the system listens, for commands that are not told.
 *
 * @returns what takes the note away again when the system has stopped
 */
export async function noteAddress(dataDir: string, url: string): Promise<() => Promise<void>> {
  const file = join(dataDir, addressFile);
  await writeDurably(file, `${url}\n`);
  return () => rm(file, { force: true });
}
