import { readdirSync, statSync } from 'node:fs';
import { PermanentError } from '../../../core/errors.ts';
import { loadSecretKey, readKeyFile } from '../connectors/secret-key.ts';
import { recoverLeases } from '../writes/interrupted-work.ts';
import { Connection } from './connection.ts';
import type { DataFolder } from './data-folder.ts';
import { migrate } from './migrations.ts';

/**
 * Prepares the database of a data folder: migrates it, checks the key, and puts back the work of an earlier process.
 *
 * @param secretKey `SECRET_KEY`, if set
 * @param now Unix ms
 * @returns the key that secrets are sealed with
 * @throws PermanentError `database-emptied`, `data-folder-newer`, `secret-key-malformed`, `secret-key-missing`,
 *   `secret-key-wrong`
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

/** SQLite takes an empty file for a new database. A database that lost its content must not pass for a new one. */
function refuseEmptied({ path: folder, databaseFile, payloads, secretKeyFile }: DataFolder): void {
  const size = sizeOf(databaseFile);
  const remains = [
    ...(readKeyFile(secretKeyFile) === null ? [] : [secretKeyFile]),
    ...(readdirSync(payloads).length === 0 ? [] : [payloads]),
  ];
  // An operator may have placed a key there for a new system.
  const isEmptied = size === 0 ? remains.length > 0 : size === null && remains.includes(payloads);
  if (!isEmptied) return;
  throw new PermanentError(
    'database-emptied',
    `The database ${databaseFile} is ${size === null ? 'missing' : 'empty'}, but ${remains.join(' and ')} of the system ` +
      `that it belonged to ${remains.length === 1 ? 'is' : 'are'} there. Restore a backup, or start over in a folder other than ${folder}.`,
  );
}

/** In bytes; `null` if the file is missing. */
function sizeOf(file: string): number | null {
  return statSync(file, { throwIfNoEntry: false })?.size ?? null;
}
