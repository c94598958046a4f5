import { accessSync, chmodSync, constants, existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { messageOf, PermanentError, RetryableError } from '../../../core/errors.ts';
import { writeDurablySync } from '../../../files/write-durably.ts';

/** The folder that holds all of the engine's data, locked for this process. */
export interface DataFolder {
  readonly path: string;
  readonly databaseFile: string;
  readonly payloads: string;
  readonly secretKeyFile: string;
  /** Releases the folder for the next process. */
  release(): void;
}

/**
 * Creates the folder if missing, closes it to other users, and locks it.
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
 * Creates a folder and its missing parents. Node's own `recursive` option never returns below /proc, where the file
 * system reports a missing folder that it refuses to create.
 */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  const parent = path.dirname(folder);
  if (parent !== folder) makeFolder(parent);
  mkdirSync(folder, { mode: 0o700 });
}

/** Locks held by this process: an unreferenced connection would be collected, and its lock with it. */
const held = new Set<DatabaseSync>();

/**
 * Locks the data folder for this process. The lock is SQLite's own, on a file that holds nothing else, so the operating
 * system frees it however the process ends.
 *
 * @returns a function that releases the folder
 * @throws PermanentError `data-folder-in-use`, naming the process that holds it
 */
function lockFolder(folder: string): () => void {
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

/** Seconds before a retry makes sense: an operator must put a folder back first. */
const retryAfterSeconds = 5;

/**
 * Detects that files were removed, moved, or replaced by others of the same name. A process can keep writing to a
 * removed file without an error, and all of it is lost with the process.
 */
export class FilePlaces {
  /** By path. A file that has never existed is absent. */
  readonly #identities = new Map<string, string>();
  readonly #paths: readonly string[];

  /** @param paths of files and folders; a missing one is tracked from the first time that it exists */
  constructor(paths: readonly string[]) {
    this.#paths = paths;
    for (const path of paths) this.#isInPlace(path);
  }

  /** Whether every file is still the one that was first seen. */
  areKept(): boolean {
    return this.#paths.every((path) => this.#isInPlace(path));
  }

  /** @throws RetryableError if one is not: anything written now would be lost */
  assertKept(): void {
    if (!this.areKept()) throw new RetryableError(dataFolderLost, { retryAfterSeconds });
  }

  #isInPlace(path: string): boolean {
    const found = identityOf(path);
    const known = this.#identities.get(path);
    if (known !== undefined) return found === known;
    if (found !== null) this.#identities.set(path, found);
    return true;
  }
}

export const dataFolderLost =
  'The data folder was removed or replaced while the system runs. Put it back, or stop the process and start it again.';

/** Identifies a file under any name while it is open; `null` if it is missing. */
function identityOf(path: string): string | null {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  return found === undefined ? null : `${found.dev}:${found.ino}`;
}
