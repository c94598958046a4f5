import { randomUUID } from 'node:crypto';
import { statSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { PermanentError, RetryableError, systemErrorCode } from '../../../core/errors.ts';
import { syncFolder, writeDurably } from '../../../files/write-durably.ts';
import { FilePlaces } from './data-folder.ts';

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
      throw new PermanentError('text-unreadable', `What it was kept in cannot be read (${code}).`, { cause });
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
    await makeFolder(path.dirname(target));
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
async function makeFolder(folder: string): Promise<void> {
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
