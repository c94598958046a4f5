import { randomUUID } from 'node:crypto';
import { statSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { PermanentError, RetryableError, systemErrorCode } from '../../../core/errors.ts';
import { syncFolder, writeDurably } from '../../../files/write-durably.ts';
import { FilePlaces } from './data-folder.ts';

/** Texts above this size (in bytes of UTF-8) are kept in files. */
const maxInlineBytes = 100_000;

/** A text that lies in its row, or in the file of that name below the folder. */
export type StoredText =
  | { readonly text: string; readonly file: null }
  | { readonly text: null; readonly file: string };

/** Keeps large payloads and outputs as `ab/<uuid>` below a folder. */
export class PayloadFiles {
  readonly #folder: string;
  readonly #place: FilePlaces;

  /** @param folder one that is there */
  constructor(folder: string) {
    this.#folder = folder;
    this.#place = new FilePlaces([folder]);
  }

  /**
   * Puts a large text into a new file that is on the disk when this resolves; a small one stays as it is.
   * @throws RetryableError when the disk is full or broken, or the folder is gone
   */
  async store(text: string): Promise<StoredText> {
    if (!isLarge(text)) return { text, file: null };
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
   * @throws PermanentError `text-unreadable` when the file is gone or damaged: nothing changes by trying again
   * @throws RetryableError when the folder of all files is gone, or the system has too much to do
   */
  async load(stored: StoredText): Promise<string> {
    if (stored.file === null) return stored.text;
    try {
      return await readFile(path.join(this.#folder, stored.file), 'utf8');
    } catch (cause) {
      this.#place.assertKept();
      const code = systemErrorCode(cause) ?? '';
      if (ofTheMoment.has(code)) throw new RetryableError('A large payload cannot be read now.', { cause });
      throw new PermanentError('text-unreadable', `What it was kept in cannot be read (${code}).`, { cause });
    }
  }

  /** In bytes; 0 where it is gone. */
  sizeOf(file: string): number {
    return statSync(path.join(this.#folder, file), { throwIfNoEntry: false })?.size ?? 0;
  }

  async remove(file: string): Promise<void> {
    await rm(path.join(this.#folder, file), { force: true });
  }

  /** Every file that was last written before `timeMs` (Unix). */
  async *writtenBefore(timeMs: number): AsyncGenerator<string> {
    for (const folder of await readdir(this.#folder).catch(() => [])) {
      for (const name of await readdir(path.join(this.#folder, folder)).catch(() => [])) {
        const file = `${folder}/${name}`;
        // Gone or renamed meanwhile: then it is somebody else's.
        const written = await stat(path.join(this.#folder, file)).catch(() => null);
        if (written !== null && written.mtimeMs < timeMs) yield file;
      }
    }
  }

  async #write(file: string, text: string): Promise<void> {
    const target = path.join(this.#folder, file);
    await makeFolder(path.dirname(target));
    try {
      await writeDurably(target, text);
      await syncFolder(this.#folder);
    } catch (thrown) {
      // A file that may not be on the disk belongs to nothing, and would only take up room.
      await rm(target, { force: true }).catch(() => undefined);
      throw thrown;
    }
  }
}

/** Not with those above it: where the folder of all payloads is gone, another one in its place would hide that. */
async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { mode: 0o700 });
  } catch (thrown) {
    if (systemErrorCode(thrown) !== 'EEXIST') throw thrown;
  }
}

/** The process or the machine has too many files open, or too little memory, at the moment. */
const ofTheMoment: ReadonlySet<string> = new Set(['EMFILE', 'ENFILE', 'ENOMEM', 'EAGAIN', 'EBUSY']);

/** Whether a text is kept in a file of its own. */
export function isLarge(text: string): boolean {
  // A UTF-16 unit takes at most 3 bytes in UTF-8, so that short texts need no counting.
  return text.length * 3 > maxInlineBytes && Buffer.byteLength(text) > maxInlineBytes;
}
