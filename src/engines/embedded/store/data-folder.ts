import { randomUUID } from 'node:crypto';
import { accessSync, chmodSync, constants, existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { messageOf, PermanentError, RetryableError, systemErrorCode } from '../../../core/errors.ts';
import { syncFolder, writeDurably, writeDurablySync } from '../../../files/write-durably.ts';

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

/** Texts above this size (in bytes of UTF-8) are kept in files. */
const maxInlineBytes = 100_000;

/** A text stored in its row, or in the named file below the folder. */
export type StoredText =
  | { readonly text: string; readonly file: null }
  | { readonly text: null; readonly file: string };

/** Keeps large payloads and outputs as `ab/<uuid>` below a folder. */
export class PayloadFiles {
  readonly #folder: string;
  readonly #place: FilePlaces;

  /** @param folder must exist */
  constructor(folder: string) {
    this.#folder = folder;
    this.#place = new FilePlaces([folder]);
  }

  /**
   * Writes a large text to a new file, durably; a small one stays as it is.
   * @throws RetryableError when the disk is full or broken, or the folder is gone
   */
  store(text: string): StoredText | Promise<StoredText> {
    return isLarge(text) ? this.#storeInFile(text) : { text, file: null };
  }

  async #storeInFile(text: string): Promise<StoredText> {
    this.#place.assertKept();
    const id = randomUUID();
    const file = `${id.slice(-2)}/${id}`;
    try {
      await this.#write(file, text);
    } catch (thrown) {
      throw new RetryableError('A large payload could not be written to the data folder.', { cause: thrown });
    }
    return { text: null, file };
  }

  /**
   * @throws PermanentError `text-unreadable` when the file is gone or damaged: a retry does not help
   * @throws RetryableError when the folder of all files is gone, or the system is overloaded
   */
  async load(stored: StoredText): Promise<string> {
    if (stored.file === null) return stored.text;
    try {
      return await readFile(path.join(this.#folder, stored.file), 'utf8');
    } catch (cause) {
      this.#place.assertKept();
      const code = systemErrorCode(cause) ?? '';
      if (ofTheMoment.has(code)) throw new RetryableError('A large payload cannot be read now.', { cause });
      throw new PermanentError('text-unreadable', `Its file cannot be read (${code}).`, { cause });
    }
  }

  /** In bytes; 0 if the file is gone. */
  sizeOf(file: string): number {
    return statSync(path.join(this.#folder, file), { throwIfNoEntry: false })?.size ?? 0;
  }

  async remove(file: string): Promise<void> {
    await rm(path.join(this.#folder, file), { force: true });
  }

  /** Every file last written before `timeMs` (Unix). */
  async *writtenBefore(timeMs: number): AsyncGenerator<string> {
    for (const folder of await readdir(this.#folder).catch(() => [])) {
      for (const name of await readdir(path.join(this.#folder, folder)).catch(() => [])) {
        const file = `${folder}/${name}`;
        // Gone or renamed meanwhile: no longer ours.
        const written = await stat(path.join(this.#folder, file)).catch(() => null);
        if (written !== null && written.mtimeMs < timeMs) yield file;
      }
    }
  }

  async #write(file: string, text: string): Promise<void> {
    const target = path.join(this.#folder, file);
    await makePayloadFolder(path.dirname(target));
    try {
      await writeDurably(target, text);
      await syncFolder(this.#folder);
    } catch (thrown) {
      // A file that may not be on the disk belongs to no row and would only take up space.
      await rm(target, { force: true }).catch(() => undefined);
      throw thrown;
    }
  }
}

/** Does not create parents: if the folder of all payloads is gone, a new one in its place would hide that. */
async function makePayloadFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { mode: 0o700 });
  } catch (thrown) {
    if (systemErrorCode(thrown) !== 'EEXIST') throw thrown;
  }
}

/** The process or the machine currently has too many open files or too little memory. */
const ofTheMoment: ReadonlySet<string> = new Set(['EMFILE', 'ENFILE', 'ENOMEM', 'EAGAIN', 'EBUSY']);

/** Whether a text is kept in its own file. */
export function isLarge(text: string): boolean {
  // A UTF-16 unit takes at most 3 bytes in UTF-8, so short texts need no counting.
  return text.length * 3 > maxInlineBytes && Buffer.byteLength(text) > maxInlineBytes;
}
