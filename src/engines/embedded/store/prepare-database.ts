import { readdirSync, statSync } from 'node:fs';
import { PermanentError } from '../../../core/errors.ts';
import { loadSecretKey, readKeyFile } from '../connectors/secret-key.ts';
import { recoverLeases } from '../writes/interrupted-work.ts';
import { Connection } from './connection.ts';
import type { DataFolder } from './data-folder.ts';
import { migrate } from './migrations.ts';

/**
 * Makes the database of a data folder ready: of this version, opened by the right key, and without work that an earlier
 * process has left in its hands.
 *
 * @param secretKey `SECRET_KEY`, where it is set
 * @param now Unix ms
 * @returns the key that secrets are sealed with
 * @throws PermanentError `database-emptied`, `data-folder-newer`, `secret-key-malformed`, `secret-key-missing`, `secret-key-wrong`
 * @throws RetryableError when the disk is full or broken
 */
export function prepareDatabase(folder: DataFolder, secretKey: string | undefined, now: number): Uint8Array {
  refuseEmptied(folder);
  const connection = new Connection(folder.databaseFile, 'write');
  try {
    migrate(connection);
    const key = loadSecretKey(connection, folder.secretKeyFile, secretKey);
    recoverLeases(connection, now);
    return key;
  } finally {
    connection.close();
  }
}

/** SQLite takes an empty file for a new database. One that has lost its content must not pass for it. */
function refuseEmptied({ path: folder, databaseFile, payloads, secretKeyFile }: DataFolder): void {
  const size = sizeOf(databaseFile);
  const remains = [
    ...(readKeyFile(secretKeyFile) === null ? [] : [secretKeyFile]),
    ...(readdirSync(payloads).length === 0 ? [] : [payloads]),
  ];
  // A key alone may have been put there for a system that is to begin with it.
  const isEmptied = size === 0 ? remains.length > 0 : size === null && remains.includes(payloads);
  if (!isEmptied) return;
  throw new PermanentError(
    'database-emptied',
    `The database ${databaseFile} is ${size === null ? 'missing' : 'empty'}, but ${remains.join(' and ')} of the system ` +
      `that it belonged to ${remains.length === 1 ? 'is' : 'are'} there. Restore a backup, or start over in a folder other than ${folder}.`,
  );
}

/** In bytes; `null` where there is no such file. */
function sizeOf(file: string): number | null {
  return statSync(file, { throwIfNoEntry: false })?.size ?? null;
}
