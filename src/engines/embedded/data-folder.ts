import { accessSync, chmodSync, constants, mkdirSync } from 'node:fs';
import path from 'node:path';
import { messageOf, PermanentError } from '../../core/errors.ts';
import { lockFolder } from './folder-lock.ts';

/** The one folder that holds everything this engine keeps, taken for this process. */
export interface DataFolder {
  readonly path: string;
  readonly databaseFile: string;
  readonly payloads: string;
  readonly secretKeyFile: string;
  /** Gives the folder to whoever wants it next. */
  release(): void;
}

/**
 * Makes the folder where it is missing, closed to other users, and locks it.
 * @throws PermanentError `data-folder-not-writable`, `data-folder-in-use`
 */
export function openDataFolder(dataDir: string): DataFolder {
  const folder = path.resolve(dataDir);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    chmodSync(folder, 0o700);
    const payloads = path.join(folder, 'payloads');
    mkdirSync(payloads, { recursive: true, mode: 0o700 });
  } catch (thrown) {
    throw new PermanentError(
      'data-folder-not-writable',
      `The data folder ${folder} cannot be written to: ${messageOf(thrown)}. Check its owner and permissions.`,
      { cause: thrown },
    );
  }
  return {
    path: folder,
    databaseFile: path.join(folder, 'engine.db'),
    payloads: path.join(folder, 'payloads'),
    secretKeyFile: path.join(folder, 'secret.key'),
    release: lockFolder(folder),
  };
}
