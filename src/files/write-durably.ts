import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import path from 'node:path';

/** Only the owner reads what the product writes. */
const ownerOnly = 0o600;

/**
 * Writes a text file that survives a crash whole: under its name lies all of the text, or what lay there before. It is on the
 * disk, with its name, when this resolves.
 *
 * @param file in a folder that exists
 * @throws the system's error; a file that was there before is then as it was, unless only its folder could not be synced
 */
export async function writeDurably(file: string, text: string): Promise<void> {
  const part = partOf(file);
  try {
    await writeSynced(part, text);
    await rename(part, file);
  } catch (thrown) {
    // What a full disk took of it would keep it full.
    await rm(part, { force: true }).catch(() => undefined);
    throw thrown;
  }
  await syncFolder(path.dirname(file));
}

/** As `writeDurably`, for the start, before anything else goes on. */
export function writeDurablySync(file: string, text: string): void {
  const part = partOf(file);
  try {
    writeSyncedSync(part, text);
    renameSync(part, file);
  } catch (thrown) {
    rmSync(part, { force: true });
    throw thrown;
  }
  syncFolderSync(path.dirname(file));
}

/** Brings the names in a folder to the disk. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Two processes may write the same file: neither writes into the other's part. */
function partOf(file: string): string {
  return `${file}.${process.pid}.part`;
}

async function writeSynced(file: string, text: string): Promise<void> {
  const handle = await open(file, 'w', ownerOnly);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function writeSyncedSync(file: string, text: string): void {
  const descriptor = openSync(file, 'w', ownerOnly);
  try {
    writeFileSync(descriptor, text);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function syncFolderSync(folder: string): void {
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
