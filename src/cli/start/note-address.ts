import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeDurably } from '../../files/write-durably.ts';
import { addressFile } from '../data-folder-files.ts';

/**
 * Writes the system's address to the data folder, for commands without `--url`.
 *
 * @returns removes the address when the system has stopped
 */
export async function noteAddress(dataDir: string, url: string): Promise<() => Promise<void>> {
  const file = join(dataDir, addressFile);
  await writeDurably(file, `${url}\n`);
  return () => rm(file, { force: true });
}
