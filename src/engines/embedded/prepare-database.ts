import { Connection } from './connection.ts';
import type { DataFolder } from './data-folder.ts';
import { migrate } from './migrations.ts';
import { loadSecretKey } from './secret-key.ts';
import { recoverLeases } from './writes/interrupted-work.ts';

/**
 * Makes the database of a data folder ready: of this version, opened by the right key, and without work that an earlier
 * process has left in its hands.
 *
 * @param secretKey `SECRET_KEY`, where it is set
 * @param now Unix ms
 * @returns the key that secrets are sealed with
 * @throws PermanentError `data-folder-newer`, `secret-key-malformed`, `secret-key-missing`, `secret-key-wrong`
 * @throws RetryableError when the disk is full or broken
 */
export function prepareDatabase(folder: DataFolder, secretKey: string | undefined, now: number): Uint8Array {
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
