import { accessSync, chmodSync, constants, existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { messageOf, PermanentError } from '../../../core/errors.ts';
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
    makeFolder(folder);
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    chmodSync(folder, 0o700);
    const payloads = path.join(folder, 'payloads');
    makeFolder(payloads);
  } catch (thrown) {
    throw new PermanentError(
      'data-folder-not-writable',
      `Cannot write to the data folder ${folder}: ${messageOf(thrown)}. Check its owner and permissions.`,
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

/**
 * Makes a folder, with those above it that are missing. Node's own way to do so (`recursive`) never comes to an end where a
 * file system tells of a folder that it does not take one: below /proc.
 */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  const parent = path.dirname(folder);
  if (parent !== folder) makeFolder(parent);
  mkdirSync(folder, { mode: 0o700 });
}
