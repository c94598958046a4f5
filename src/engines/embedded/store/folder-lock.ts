import { readFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { PermanentError } from '../../../core/errors.ts';
import { writeDurablySync } from '../../../files/write-durably.ts';

/** Locks that this process holds: a connection that nobody refers to would be collected, and its lock with it. */
const held = new Set<DatabaseSync>();

/**
 * Takes the data folder for this process. The lock is SQLite's own on a file that holds nothing else, so the operating
 * system frees it however the process ends.
 *
 * @returns what gives the folder back
 * @throws PermanentError `data-folder-in-use`, naming the process that has it
 */
export function lockFolder(folder: string): () => void {
  const pidFile = path.join(folder, 'engine.pid');
  const lock = new DatabaseSync(path.join(folder, 'engine.lock'), { timeout: 0 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (thrown) {
    lock.close();
    throw new PermanentError(
      'data-folder-in-use',
      `The data folder ${folder} is in use by ${ownerOf(pidFile)}. Stop that process, or use another data folder.`,
      { cause: thrown },
    );
  }
  held.add(lock);
  writeDurablySync(pidFile, `${process.pid}\n`);
  return () => {
    held.delete(lock);
    lock.close();
  };
}

function ownerOf(pidFile: string): string {
  try {
    return `the process ${readFileSync(pidFile, 'utf8').trim()}`;
  } catch {
    return 'another process';
  }
}
