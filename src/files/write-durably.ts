import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import path from 'node:path';

/** Only the owner can read the files. */
const ownerOnly = 0o600;

/**
 * Writes a text file atomically: after a crash, it holds either all of the text or its previous content. The file and
 * its name are on the disk when this resolves.
 *
 * @param file in a folder that exists
 * @throws the system's error; an existing file is then unchanged, unless only the sync of its folder failed
 */
export async function writeDurably(file: string, text: string): Promise<void> {
  const part = partOf(file);
  try {
    await writeSynced(part, text);
    await rename(part, file);
  } catch (thrown) {
    // A partial file would keep a full disk full.
    await rm(part, { force: true }).catch(() => undefined);
    throw thrown;
  }
  await syncFolder(path.dirname(file));
}

/** Like `writeDurably`, but blocking: for the start of the process. */
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

/** Syncs the names in a folder to the disk. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Includes the process id: two processes that write the same file must not share a part file. */
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
